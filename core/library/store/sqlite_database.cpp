// SPDX-License-Identifier: Apache-2.0
#include "core/library/store/sqlite_database.h"

#include <sqlite3.h>

namespace sfumato::library {

namespace {

constexpr int kBusyTimeoutMs = 3000;

Error errorOf(sqlite3* database, int code)
{
    const char* path = database ? sqlite3_db_filename(database, "main") : nullptr;
    const std::string name = path && *path ? path : "the library's database";
    const bool isFull = (code & 0xFF) == SQLITE_FULL;
    return { isFull ? ErrorCode::DiskFull : ErrorCode::FileUnreadable, name + " cannot be used: " + (database ? sqlite3_errmsg(database) : sqlite3_errstr(code)) + ".", name };
}

} // namespace

void SqliteStatement::Finalizer::operator()(sqlite3_stmt* statement) const noexcept
{
    sqlite3_finalize(statement);
}

void SqliteDatabase::Closer::operator()(sqlite3* database) const noexcept
{
    sqlite3_close_v2(database);
}

void SqliteStatement::bind(int parameter, std::int64_t value)
{
    sqlite3_bind_int64(m_statement.get(), parameter, value);
}

void SqliteStatement::bind(int parameter, double value)
{
    sqlite3_bind_double(m_statement.get(), parameter, value);
}

void SqliteStatement::bind(int parameter, const QString& value)
{
    const QByteArray utf8 = value.toUtf8();
    bind(parameter, std::string_view(utf8.constData(), static_cast<std::size_t>(utf8.size())));
}

void SqliteStatement::bind(int parameter, const QStringList& value)
{
    bind(parameter, value.join(u'\n'));
}

void SqliteStatement::bind(int parameter, const QByteArray& value)
{
    sqlite3_bind_blob64(m_statement.get(), parameter, value.constData(), static_cast<sqlite3_uint64>(value.size()), SQLITE_TRANSIENT);
}

void SqliteStatement::bind(int parameter, std::string_view utf8)
{
    sqlite3_bind_text64(m_statement.get(), parameter, utf8.data() ? utf8.data() : "", utf8.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void SqliteStatement::bindNothing(int parameter)
{
    sqlite3_bind_null(m_statement.get(), parameter);
}

Result<bool> SqliteStatement::next()
{
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return errorOf(m_database, code);
}

Result<void> SqliteStatement::run()
{
    Result<bool> row = next();
    while (row && *row) row = next();
    sqlite3_reset(m_statement.get());
    sqlite3_clear_bindings(m_statement.get());
    if (!row) return std::move(row).error();
    return {};
}

bool SqliteStatement::isNothing(int column) const noexcept
{
    return sqlite3_column_type(m_statement.get(), column) == SQLITE_NULL;
}

std::int64_t SqliteStatement::integer(int column) const noexcept
{
    return sqlite3_column_int64(m_statement.get(), column);
}

double SqliteStatement::real(int column) const noexcept
{
    return sqlite3_column_double(m_statement.get(), column);
}

QString SqliteStatement::text(int column) const
{
    const std::string_view utf8 = view(column);
    return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QStringList SqliteStatement::words(int column) const
{
    return text(column).split(u'\n', Qt::SkipEmptyParts);
}

QByteArray SqliteStatement::bytes(int column) const
{
    const auto* first = static_cast<const char*>(sqlite3_column_blob(m_statement.get(), column));
    return { first, sqlite3_column_bytes(m_statement.get(), column) };
}

std::string_view SqliteStatement::view(int column) const noexcept
{
    const auto* first = reinterpret_cast<const char*>(sqlite3_column_text(m_statement.get(), column));
    return first ? std::string_view(first, static_cast<std::size_t>(sqlite3_column_bytes(m_statement.get(), column))) : std::string_view();
}

Result<SqliteDatabase> SqliteDatabase::open(const QString& path)
{
    sqlite3* handle = nullptr;
    const int code = sqlite3_open_v2(path.toUtf8().constData(), &handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, nullptr);
    SqliteDatabase database(handle);
    if (code != SQLITE_OK) return errorOf(handle, code);
    sqlite3_busy_timeout(handle, kBusyTimeoutMs);
    sqlite3_extended_result_codes(handle, 1);
    if (Result<void> set = database.execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON;"); !set)
        return std::move(set).error();
    return database;
}

Result<void> SqliteDatabase::execute(const char* sql)
{
    const int code = sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return errorOf(m_database.get(), code);
    return {};
}

Result<SqliteStatement> SqliteDatabase::prepare(const char* sql)
{
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(m_database.get(), sql, -1, &statement, nullptr);
    if (code != SQLITE_OK) return errorOf(m_database.get(), code);
    return SqliteStatement(m_database.get(), statement);
}

} // namespace sfumato::library
