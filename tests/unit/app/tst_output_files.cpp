// SPDX-License-Identifier: Apache-2.0
#include "app/cli/output_files.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <array>

using namespace sfumato;
using namespace sfumato::app;

namespace {

constexpr std::array<std::byte, 3> kBytes{ std::byte{ 1 }, std::byte{ 2 }, std::byte{ 3 } };

QByteArray contentOf(const std::filesystem::path& path)
{
    QFile file(QString::fromStdString(path.string()));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

class TstOutputFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void numbersGoOn_pastFilesThatExist()
    {
        const QTemporaryDir folder;
        const std::filesystem::path out = std::filesystem::path(folder.path().toStdString()) / "new" / "out";
        OutputFiles first(out, document::ExistingFile::Keep);
        QVERIFY(first.prepare());
        QCOMPARE(first.write(kBytes, "png").value(), out / "1.png");
        QCOMPARE(first.write(kBytes, "png").value(), out / "2.png");
        OutputFiles second(out, document::ExistingFile::Keep);
        QCOMPARE(second.write(kBytes, "png").value(), out / "3.png");
        QCOMPARE(contentOf(out / "3.png"), QByteArray("\1\2\3"));
        std::filesystem::create_symlink("nowhere", out / "4.png");
        QCOMPARE(second.write(kBytes, "png").value(), out / "5.png");
    }

    void overwriting_replacesFromOne()
    {
        const QTemporaryDir folder;
        const std::filesystem::path out = folder.path().toStdString();
        QFile old(folder.filePath(QStringLiteral("1.jpg")));
        QVERIFY(old.open(QIODevice::WriteOnly));
        old.write("old");
        old.close();
        OutputFiles files(out, document::ExistingFile::Replace);
        QVERIFY(files.prepare());
        QCOMPARE(files.write(kBytes, "jpg").value(), out / "1.jpg");
        QCOMPARE(contentOf(out / "1.jpg"), QByteArray("\1\2\3"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
    }

    void folderThatIsAFile_isOneSentence()
    {
        const QTemporaryDir folder;
        QFile file(folder.filePath(QStringLiteral("taken")));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto prepared = OutputFiles(file.fileName().toStdString(), document::ExistingFile::Keep).prepare();
        QVERIFY(!prepared);
        QVERIFY2(prepared.error().message.starts_with("The output folder " + file.fileName().toStdString() + " cannot be used: "), prepared.error().message.c_str());
    }
};

QTEST_APPLESS_MAIN(TstOutputFiles)
#include "tst_output_files.moc"
