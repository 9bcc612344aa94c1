package dev.stowage.storage.postgres;

import dev.stowage.lifecycle.CommandKind;
import dev.stowage.model.Tick;
import dev.stowage.storage.postgres.sql.SqlTransaction;
import dev.stowage.storage.postgres.sql.TextForms;
import dev.stowage.storage.postgres.sql.Writes;
import dev.stowage.store.QuarantinedNews;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The rows of table {@code quarantine}: news that was set aside, byte for byte. */
final class QuarantineSql {
  private QuarantineSql() {}

  /** Copies news to the quarantine; must run before the news is deleted. */
  static void put(Writes to, List<QuarantinedNews> aside) {
    if (!aside.isEmpty()) {
      // Renumbers older rows whose mark occurs again after a change by hand or a restored sequence.
      to.write(
          "UPDATE $.quarantine q SET mark = n.last + n.at FROM (SELECT k.mark, (SELECT max(a.mark)"
              + " FROM (SELECT mark FROM $.quarantine UNION ALL SELECT mark FROM $.inbox) a"
              + " WHERE a.mark < 9223372036854775807 - "
              + aside.size()
              + ") AS last, row_number() OVER (ORDER BY k.mark) AS at FROM $.quarantine k"
              + " WHERE k.mark = ANY (?)) n WHERE q.mark = n.mark",
          (Object) aside.stream().mapToLong(QuarantinedNews::mark).toArray());
    }
    for (QuarantinedNews piece : aside) {
      to.write(
          "INSERT INTO $.quarantine (mark, set_aside_tick, kind, worker, digest, reason,"
              + " command) SELECT n.mark, ?, ?, n.worker, sha256(n.command), ?, n.command"
              + " FROM $.inbox n WHERE n.mark = ?",
          piece.setAsideAt().value(),
          piece.kind().flatMap(CommandKind::named).map(CommandKind::number).orElse(0),
          piece.reason(),
          piece.mark());
    }
  }

  static List<QuarantinedNews> read(SqlTransaction from, long afterMark, int most) {
    return from.list(
        "SELECT mark, set_aside_tick, kind, worker, encode(digest, 'hex'), octet_length(command),"
            + " reason FROM $.quarantine WHERE mark > ? ORDER BY mark LIMIT ?",
        QuarantineSql::read,
        afterMark,
        most);
  }

  private static QuarantinedNews read(ResultSet row) throws SQLException {
    int number = row.getInt(3);
    Optional<String> kind =
        CommandKind.ALL.stream()
            .filter(known -> known.number() == number)
            .map(CommandKind::toString)
            .findAny();
    return new QuarantinedNews(
        row.getLong(1),
        Tick.of(row.getLong(2)),
        kind,
        TextForms.worker(row.getString(4)),
        row.getString(5),
        row.getLong(6),
        row.getString(7));
  }
}
