package dev.stowage.engine;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.engine.CommitRun.Turn;
import dev.stowage.evidence.ChainPoint;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.Hash256;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.model.InvariantViolation;
import dev.stowage.model.Tick;
import dev.stowage.store.QuarantinedNews;
import dev.stowage.store.StorageException;
import dev.stowage.store.spi.Commit;
import dev.stowage.store.spi.News;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Retries failing news on a reloaded mirror, then sets it aside. If a commit is refused again, each
 * piece is tried in a commit of its own. Guarded by the engine's lock.
 */
final class Quarantine {
  private static final int MOST_CHARACTERS = 300;

  private enum Try {
    FIRST,
    AGAIN,
    APART,
    WITHOUT
  }

  private Try next = Try.FIRST;
  private boolean isNews;
  private String refused = "";
  private List<QuarantinedNews> aside = new ArrayList<>();

  record Point(ChainPoint recorded, int done, Tick largestTick) {}

  // Up to the first that the turn does not take. Throws Failed if some fails before the last try.
  List<Commit.Consumed> takeIn(News news, Turn turn) {
    if (!aside.isEmpty()) {
      aside = new ArrayList<>();
    }
    isNews = false;
    List<Commit.Consumed> consumed = new ArrayList<>();
    for (News.Piece piece : news.items()) {
      if (isAlone() || (piece instanceof News.Item item && !turn.takes(item.command()))) {
        break;
      }
      isNews = true;
      consumed.add(next == Try.WITHOUT ? setAside(piece, refused, turn) : consumed(piece, turn));
    }
    return consumed;
  }

  /** Reports whether what was taken in is one piece, with which nothing else is decided. */
  boolean isAlone() {
    return next.compareTo(Try.APART) >= 0 && isNews;
  }

  private Commit.Consumed consumed(News.Piece piece, Turn turn) {
    if (!(piece instanceof News.Item item)) {
      return setAside(piece, described(piece).reason(), turn);
    }
    Point before = turn.here();
    try {
      Result answer = turn.answer(item.command(), null, "another process");
      return new Commit.Consumed(
          item.mark(), item.id(), turn.changesSince(before), answer, Optional.empty());
    } catch (RuntimeException e) {
      if (!isOfNews(e)) {
        throw e;
      }
      if (next == Try.FIRST) {
        throw new Failed(e);
      }
      turn.takeBack(before);
      return setAside(piece, "the command fails: " + e, turn);
    }
  }

  private Commit.Consumed setAside(News.Piece piece, String why, Turn turn) {
    String reason = printable(why);
    News.Unreadable what = described(piece);
    Optional<CommandKind<?, ?>> kind = what.kind().flatMap(CommandKind::named);
    int about = kind.map(CommandKind::number).orElse(0);
    List<ChangeSet> changes = setAside(command(piece, what, about, reason), turn);
    Tick now = turn.here().largestTick();
    QuarantinedNews kept =
        new QuarantinedNews(
            piece.mark(),
            now,
            kind.map(CommandKind::toString),
            what.worker(),
            what.digest().toString(),
            what.bytes(),
            reason);
    aside.add(kept);
    Result.Answer answer = new Result.Answer(ResultCode.INVALID, List.of("set aside: " + reason));
    return new Commit.Consumed(piece.mark(), piece.id(), changes, answer, Optional.of(kept));
  }

  private static List<ChangeSet> setAside(LeaderCommand.SetAside command, Turn turn) {
    Point before = turn.here();
    try {
      turn.answer(command, null, "");
    } catch (RuntimeException e) {
      if (!isOfNews(e)) {
        throw e;
      }
      turn.takeBack(before);
      turn.answer(command.withoutDisk(), null, "");
    }
    return turn.changesSince(before);
  }

  static final class Failed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final RuntimeException why;

    Failed(RuntimeException why) {
      super("a command of the log failed and is tried once more on a reloaded mirror", why);
      this.why = why instanceof Failed failed ? failed.why : why;
    }

    RuntimeException why() {
      return why;
    }
  }

  // A failing store, a refusing recorder and a broken promise are not the news' fault.
  private static boolean isOfNews(RuntimeException thrown) {
    return !(thrown instanceof StorageException
        || thrown instanceof InvariantViolation
        || thrown instanceof EvidenceException
        || thrown instanceof Failed);
  }

  // A load sets rows aside that make a commit fail; what fails behind it is the fault of a piece of
  // news, if there is any.
  void tryOnceMore(RuntimeException why) {
    boolean isOver = next == Try.WITHOUT || (next != Try.FIRST && !isNews);
    next = isOver ? Try.AGAIN : Try.values()[next.ordinal() + 1];
    refused = "its commit is refused: " + why.getMessage();
    if (isOver) {
      throw why;
    }
  }

  List<QuarantinedNews> tookIn() {
    next = isAlone() ? Try.APART : Try.FIRST;
    List<QuarantinedNews> told = aside;
    aside = new ArrayList<>();
    return told;
  }

  // Reports numbered before it are old. A registration counts.
  private static LeaderCommand.SetAside command(
      News.Piece piece, News.Unreadable what, int about, String reason) {
    long lastReport = 0;
    Optional<String> diskId = Optional.empty();
    if (piece instanceof News.Item item) {
      if (item.command() instanceof Command.Report report) {
        lastReport = report.header().number();
      } else if (item.command() instanceof Command.Register register) {
        diskId = Optional.of(register.diskId());
      }
    }
    return new LeaderCommand.SetAside(
        about, what.worker(), lastReport, diskId, what.digest(), reason);
  }

  // What a store says of a piece that it cannot read, for any piece.
  private static News.Unreadable described(News.Piece piece) {
    if (!(piece instanceof News.Item item)) {
      return (News.Unreadable) piece;
    }
    CommandKind<?, ?> kind = CommandKind.kindOf(item.command());
    byte[] bytes = written(item.command());
    return new News.Unreadable(
        item.mark(),
        item.id(),
        Optional.of(kind.toString()),
        kind.worker(item.command()),
        Hash256.of(bytes),
        bytes.length,
        "");
  }

  // A command that cannot be written has no bytes, so its words are kept.
  private static byte[] written(Command<?> command) {
    try {
      return CommandCodec.toBytes(command);
    } catch (RuntimeException unwritable) {
      return command.toString().getBytes(StandardCharsets.UTF_8);
    }
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
