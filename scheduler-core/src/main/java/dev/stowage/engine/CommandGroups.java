package dev.stowage.engine;

import dev.stowage.StowageStats.StageTimes.Stage;
import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.engine.CommitRun.Turn;
import dev.stowage.engine.flight.Span;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.lifecycle.CyclePlan;
import dev.stowage.lifecycle.Lifecycle;
import dev.stowage.model.Tick;
import dev.stowage.store.StorageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Decides several commands in one commit. A group of anybody's commands, drawn from the {@link
 * WriteQueue}, shares the commit and nothing else: each command is answered, fails and is undone
 * alone, so that callers do not pay for each other's mistakes (group commit, as of DeWitt et al.,
 * 1984). The commands of an operator's request share their fate: if one of them is refused, or the
 * plan behind them is another one than the reviewed one, none takes effect. Owns the fate of the
 * tickets, and no state. Guarded by the engine's lock.
 */
final class CommandGroups {
  private final LeaderTerm term;
  private final CommitRun commits;

  CommandGroups(LeaderTerm term) {
    this.term = term;
    this.commits = term.commits;
  }

  /**
   * Executes anybody's commands in their order, in one transaction. A command that fails alone is
   * undone alone. A commit that surely did not happen is undone, and each command tried by itself;
   * one in doubt is not repeated. Throws {@code Fenced}, and then the unsettled tickets had no
   * effect; settles all otherwise.
   */
  void executeAll(List<Ticket<?>> asked) {
    List<Ticket<?>> group = new ArrayList<>();
    commits.forgetDoubt();
    try {
      for (Ticket<?> ticket : asked) {
        Optional<? extends Result> refused = term.refusal(ticket.command(), ticket.tick());
        refused.ifPresentOrElse(ticket::answer, () -> group.add(ticket));
      }
      if (!group.isEmpty()) {
        transactAll(group);
      }
    } catch (StorageException.Fenced e) {
      throw e;
    } catch (RuntimeException | Error e) {
      List<Ticket<?>> open = asked.stream().filter(ticket -> !ticket.isSettled()).toList();
      if (open.size() <= 1 || commits.isInDoubt()) {
        failAll(open, e, commits.isInDoubt());
      } else {
        executeApart(open);
      }
    }
  }

  private void executeApart(List<Ticket<?>> group) {
    for (int at = 0; at < group.size(); at++) {
      try {
        transactAll(List.of(group.get(at)));
      } catch (StorageException.Fenced e) {
        throw e;
      } catch (StorageException.Transient e) {
        // Each of the others would wait as long for a store that does not answer: none is tried.
        failAll(group.subList(at, group.size()), e, false);
        return;
      } catch (RuntimeException | Error e) {
        failAll(List.of(group.get(at)), e, commits.isInDoubt());
      }
    }
  }

  // Callers must not share an exception, to which each adds what it suppresses. What stored data
  // contradicts concerns an unknown one of the group.
  private void failAll(List<Ticket<?>> group, Throwable why, boolean areOthersInDoubt) {
    if (why instanceof Error) {
      term.distrust();
    }
    for (int at = 0; at < group.size(); at++) {
      boolean isOwn = at == 0 && (group.size() == 1 || !(why instanceof StorageException.Corrupt));
      group.get(at).fail(isOwn ? why : StoreTerms.another(why, areOthersInDoubt));
    }
  }

  private void transactAll(List<Ticket<?>> group) {
    Ticket<?> first = group.get(0);
    String kind =
        group.size() == 1
            ? CommandKind.kindOf(first.command()).toString()
            : "Group of " + group.size();
    Tick latest = first.tick();
    for (Ticket<?> ticket : group) {
      latest = latest.compareTo(ticket.tick()) < 0 ? ticket.tick() : latest;
    }
    Span span = Span.begin(Stage.COMMAND).of(kind, latest.value());
    try {
      commits.transact(deciding(group), false, latest);
      group.forEach(Ticket::settle);
      if (group.size() == 1) {
        span.answered(first.get().code().name());
      }
    } finally {
      term.book.end(span);
    }
  }

  // The failure of a command that has the transaction for itself ends the transaction.
  private Consumer<Turn> deciding(List<Ticket<?>> group) {
    String holder = term.holder();
    return commit -> {
      for (Ticket<?> ticket : group) {
        Turn turn = commit.at(ticket.tick());
        Quarantine.Point before = turn.here();
        try {
          ticket.decided(turn.answer(ticket.command(), null, holder), null);
        } catch (RuntimeException e) {
          if (group.size() == 1 || e instanceof StorageException) {
            throw e;
          }
          turn.takeBack(before);
          ticket.decided(null, e);
        }
      }
    };
  }

  /** Carries out an operator's request, or nothing of it, and records it as a deed. */
  Result.CarriedOut carryOut(Command.CarryOut command, String by, Turn turn) {
    Quarantine.Point before = turn.here();
    NewestChanges known = term.newest.copy();
    Optional<Result.CarriedOut> refused = Lifecycle.refusal(term.known(), command, turn.now());
    Result.CarriedOut answer = refused.orElseGet(() -> carryOutParts(command, known, turn));
    if (!answer.isAccepted()) {
      turn.takeBack(before);
      term.newest.become(known);
    }
    if (!Lifecycle.isRefused(command)) {
      String words = String.join(" ", answer.reasons());
      String who = command.by().isEmpty() ? by : command.by();
      turn.stageDeed(command, who, (answer.code() + " " + words).strip());
    }
    return answer;
  }

  private Result.CarriedOut carryOutParts(Command.CarryOut asked, NewestChanges known, Turn turn) {
    List<Result> results = new ArrayList<>();
    for (Command<?> command : asked.commands()) {
      Result result = turn.decide(command, null).result();
      results.add(result);
      if (!result.isAccepted()) {
        String reasons =
            result.reasons().isEmpty() ? "" : ": " + String.join("; ", result.reasons());
        String why = "command " + results.size() + " is refused" + reasons;
        return new Result.CarriedOut(result.code(), "", results, List.of(why));
      }
    }
    if (asked.planHash().isEmpty()) {
      return new Result.CarriedOut(ResultCode.ACCEPTED, "", results, List.of());
    }
    Tick tick = Lifecycle.counted(term.known(), turn.now());
    LeaderCommand.Schedule cycle = term.cycles.nextCycle(tick);
    term.lifecycle().reconsider();
    Optional<CyclePlan> prepared = term.lifecycle().prepare(term.known(), cycle, tick);
    // Without a plan placing waits, and no reviewed plan can be carried out.
    String found = prepared.map(it -> it.plan().planHash()).orElse("");
    if (prepared.isEmpty() || !found.equals(asked.planHash())) {
      String why = "the plan is " + found + "; reviewed was " + asked.planHash();
      why += known.difference(asked.planHash(), found);
      return new Result.CarriedOut(ResultCode.PLAN_CHANGED, found, results, List.of(why));
    }
    term.audit.planned(term.known(), cycle);
    term.recording().stage(new EngineRecords.Prepared(tick, cycle));
    Turn counted = turn.at(tick);
    Result.Scheduled scheduled = counted.decide(cycle, prepared.get()).result();
    counted.keepStanding(scheduled);
    return new Result.CarriedOut(
        ResultCode.ACCEPTED, found, results, List.of(), Optional.of(scheduled));
  }
}
