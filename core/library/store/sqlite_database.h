// SqliteDatabase and SqliteStatement: SQLite's C interface with owners and errors as values.
// Thread: one at a time for a database and its statements. Owner: whoever opened it; statements go before their database.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <memory>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace sfumato::library {

// Parameters count from 1, columns from 0. Words bound as a QStringList are one text with line ends between them.
class SqliteStatement {
public:
    void bind(int parameter, std::int64_t value);
    void bind(int parameter, double value);
    void bind(int parameter, const QString& value);
    void bind(int parameter, const QStringList& value);
    void bind(int parameter, const QByteArray& value); // a blob
    void bind(int parameter, std::string_view utf8);
    void bindNothing(int parameter);

    // Moves to the next row; false after the last. Errors: FileUnreadable, DiskFull, with SQLite's own words.
    [[nodiscard]] Result<bool> next();
    // To the end, and ready to be bound again.
    [[nodiscard]] Result<void> run();

    [[nodiscard]] bool isNothing(int column) const noexcept;
    [[nodiscard]] std::int64_t integer(int column) const noexcept;
    [[nodiscard]] double real(int column) const noexcept;
    [[nodiscard]] QString text(int column) const;
    [[nodiscard]] QStringList words(int column) const;
    [[nodiscard]] QByteArray bytes(int column) const;
    [[nodiscard]] std::string_view view(int column) const noexcept; // until the next call of next() or run()

private:
    friend class SqliteDatabase;
    struct Finalizer {
        void operator()(sqlite3_stmt* statement) const noexcept;
    };
    SqliteStatement(sqlite3* database, sqlite3_stmt* statement) : m_database(database), m_statement(statement) { }

    sqlite3* m_database;
    std::unique_ptr<sqlite3_stmt, Finalizer> m_statement;
};

class SqliteDatabase {
public:
    // Creates the file when it is not there; ":memory:" keeps nothing. Write-ahead log, so that readers and a writer do not wait for each other.
    //   errors  FileUnreadable (no database, damaged, no right to write), DiskFull
    [[nodiscard]] static Result<SqliteDatabase> open(const QString& path);

    // One or several statements without parameters.
    [[nodiscard]] Result<void> execute(const char* sql);
    [[nodiscard]] Result<SqliteStatement> prepare(const char* sql);

private:
    struct Closer {
        void operator()(sqlite3* database) const noexcept;
    };
    explicit SqliteDatabase(sqlite3* database) : m_database(database) { }

    std::unique_ptr<sqlite3, Closer> m_database;
};

} // namespace sfumato::library
