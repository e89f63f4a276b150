// Bad jobs, each with its sentence: tests/data/jobs/bad_jobs.jsonl.
// SPDX-License-Identifier: Apache-2.0
#include "core/workflow/job_json.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace sfumato;

class TstBadJobs : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyBadJob_endsInItsSentence_data()
    {
        QTest::addColumn<QString>("job");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("sentence");
        QFile file(QStringLiteral(SFUMATO_SOURCE_DIR "/tests/data/jobs/bad_jobs.jsonl"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        int count = 0;
        for (const QByteArray& line : file.readAll().split('\n')) {
            if (line.isEmpty()) continue;
            const QJsonObject bad = QJsonDocument::fromJson(line).object();
            const QString job = bad[QStringLiteral("job")].toString();
            QTest::newRow(qPrintable(job)) << job << bad[QStringLiteral("field")].toString() << bad[QStringLiteral("sentence")].toString();
            ++count;
        }
        QVERIFY(count >= 60);
    }

    void everyBadJob_endsInItsSentence()
    {
        QFETCH(QString, job);
        QFETCH(QString, field);
        QFETCH(QString, sentence);
        const auto parsed = workflow::parseJob(job.toStdString(), "job.json");
        QVERIFY(!parsed);
        QCOMPARE(QString::fromStdString(parsed.error().message), sentence);
        QCOMPARE(QString::fromStdString(parsed.error().detail), field);
        QCOMPARE(parsed.error().code, ErrorCode::InvalidRequest);
    }
};

QTEST_APPLESS_MAIN(TstBadJobs)
#include "tst_bad_jobs.moc"
