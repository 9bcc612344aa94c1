package dev.stowage.engine;

import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.lifecycle.ReportHeader;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Tick;
import dev.stowage.model.WorkerId;
import dev.stowage.store.Commit;
import dev.stowage.store.News;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.StoreTransaction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Retries failing news on a reloaded mirror, then sets it aside. Guarded by the engine's lock. */
final class Quarantine {
  private static final int MOST_CHARACTERS = 300;

  private boolean isLastTry;
  private List<QuarantinedNews> aside = new ArrayList<>();

  record Point(ChainPoint recorded, int done, Tick largestTick) {}

  interface Turn {
    Lifecycle.Outcome<?> run(Command<?> command, Tick tick);

    Point here();

    void takeBack(Point to);
  }

  // Throws Failed if some fails before the last try.
  List<Commit.Consumed> takeIn(StoreTransaction transaction, News news, Turn turn) {
    if (!aside.isEmpty()) {
      aside = new ArrayList<>();
    }
    if (news.items().isEmpty()) {
      return List.of();
    }
    List<Commit.Consumed> consumed = new ArrayList<>();
    for (int at = 0; at < news.items().size(); at++) {
      News.Piece piece = news.items().get(at);
      Taken taken = taken(piece, turn);
      if (taken.why().isEmpty()) {
        consumed.add(new Commit.Consumed(piece.mark(), taken.changes().orElseThrow()));
      } else {
        List<News.Piece> behind = news.items().subList(at + 1, news.items().size());
        Command.SetAside command = command(piece, behind, transaction.traces(piece), taken.why());
        ChangeSet changes = setAside(command, piece.tick(), turn);
        QuarantinedNews kept = kept(piece, turn.here().largestTick(), taken.why());
        aside.add(kept);
        consumed.add(new Commit.Consumed(piece.mark(), changes, Optional.of(kept)));
      }
    }
    return consumed;
  }

  private record Taken(Optional<ChangeSet> changes, String why) {}

  private Taken taken(News.Piece piece, Turn turn) {
    if (!(piece instanceof News.Item item)) {
      return new Taken(Optional.empty(), ((News.Unreadable) piece).reason());
    }
    Point before = turn.here();
    try {
      Lifecycle.Outcome<?> outcome = turn.run(item.command(), item.tick());
      if (!outcome.changes().isEmpty()) {
        return new Taken(Optional.of(outcome.changes()), "");
      }
      turn.takeBack(before);
      return new Taken(
          Optional.empty(),
          "the command is answered " + outcome.result().code() + " and changes nothing");
    } catch (RuntimeException e) {
      if (!isOfNews(e)) {
        throw e;
      }
      if (!isLastTry) {
        throw new Failed(e);
      }
      turn.takeBack(before);
      return new Taken(Optional.empty(), "the command fails: " + e);
    }
  }

  private static ChangeSet setAside(Command.SetAside command, Tick tick, Turn turn) {
    Point before = turn.here();
    try {
      return turn.run(command, tick).changes();
    } catch (RuntimeException e) {
      if (!isOfNews(e)) {
        throw e;
      }
      turn.takeBack(before);
      return turn.run(command.withoutTraces(), tick).changes();
    }
  }

  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Failed(RuntimeException why) {
      super("a piece of news failed and is tried once more on a reloaded mirror", why);
    }
  }

  // A failing store, a refusing recorder and a broken promise are not the news' fault.
  private static boolean isOfNews(RuntimeException thrown) {
    return !(thrown instanceof StorageException
        || thrown instanceof InvariantViolation
        || thrown instanceof EvidenceException
        || thrown instanceof Failed);
  }

  void tryOnceMore() {
    isLastTry = true;
  }

  List<QuarantinedNews> tookIn() {
    isLastTry = false;
    if (aside.isEmpty()) {
      return List.of();
    }
    List<QuarantinedNews> told = aside;
    aside = new ArrayList<>();
    return told;
  }

  private static Command.SetAside command(
      News.Piece piece, List<News.Piece> behind, News.Traces traces, String reason) {
    Optional<CommandKind<?, ?>> kind = kind(piece);
    return new Command.SetAside(
        kind.map(CommandKind::number).orElse(0),
        worker(piece),
        lastReport(piece, behind, traces),
        diskId(piece, traces),
        traces.admitted(),
        traces.offered(),
        digest(piece),
        printable(reason));
  }

  private static QuarantinedNews kept(News.Piece piece, Tick now, String reason) {
    return new QuarantinedNews(
        piece.mark(),
        piece.tick(),
        now,
        kind(piece),
        worker(piece),
        digest(piece),
        bytes(piece),
        printable(reason));
  }

  private static Optional<CommandKind<?, ?>> kind(News.Piece piece) {
    return piece instanceof News.Item item
        ? Optional.of(item.command().kind())
        : ((News.Unreadable) piece).kind();
  }

  private static Optional<WorkerId> worker(News.Piece piece) {
    return piece instanceof News.Item item
        ? item.command().kind().worker(item.command())
        : ((News.Unreadable) piece).worker();
  }

  private static Hash256 digest(News.Piece piece) {
    return piece instanceof News.Item item
        ? Hash256.of(written(item.command()))
        : ((News.Unreadable) piece).digest();
  }

  private static long bytes(News.Piece piece) {
    return piece instanceof News.Item item
        ? written(item.command()).length
        : ((News.Unreadable) piece).bytes();
  }

  // A command that cannot be written has no bytes, so its words are kept.
  private static byte[] written(Command<?> command) {
    try {
      return CommandCodec.toBytes(command);
    } catch (RuntimeException unwritable) {
      return command.toString().getBytes(StandardCharsets.UTF_8);
    }
  }

  // Reports numbered before the piece are old; later accepted ones are not, except parts of its
  // inventory.
  private static long lastReport(News.Piece piece, List<News.Piece> behind, News.Traces traces) {
    if (piece instanceof News.Item item) {
      return header(item.command()).map(ReportHeader::number).orElse(0L);
    }
    if (kind(piece).filter(CommandKind.REGISTER::equals).isPresent()) {
      return 0;
    }
    boolean mayBePart = kind(piece).map(CommandKind.INVENTORY_PART::equals).orElse(true);
    for (News.Piece next : behind) {
      if (next instanceof News.Item item && worker(next).equals(worker(piece))) {
        boolean isRest = mayBePart && CommandKind.INVENTORY_PART.equals(item.command().kind());
        return header(item.command()).map(it -> it.number() - (isRest ? 0 : 1)).orElse(0L);
      }
    }
    return traces.worker().map(WorkerRow::lastReport).orElse(0L);
  }

  private static Optional<ReportHeader> header(Command<?> command) {
    return command instanceof Command.Report report
        ? Optional.of(report.header())
        : Optional.empty();
  }

  // A registration still counts: its worker was told the life that it begins.
  private static Optional<String> diskId(News.Piece piece, News.Traces traces) {
    if (piece instanceof News.Item item) {
      return item.command() instanceof Command.Register register
          ? Optional.of(register.diskId())
          : Optional.empty();
    }
    return kind(piece).filter(CommandKind.REGISTER::equals).isPresent()
        ? traces.worker().flatMap(row -> Optional.ofNullable(row.diskId()))
        : Optional.empty();
  }

  private static String printable(String reason) {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < Math.min(reason.length(), MOST_CHARACTERS); at++) {
      char next = reason.charAt(at);
      text.append(next >= ' ' && next <= '~' ? next : '?');
    }
    return text.toString();
  }
}
