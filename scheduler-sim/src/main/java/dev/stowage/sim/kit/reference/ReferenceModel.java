package dev.stowage.sim.kit.reference;

import dev.stowage.command.Command;
import dev.stowage.command.Result;
import dev.stowage.command.ResultCode;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.config.LifecycleConfig;
import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.documents.PortalAssignment;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.Lineage;
import dev.stowage.model.Tick;
import dev.stowage.placement.PlacementPlan;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The naive truth about one fleet: told every command in order, it says what must have happened.
 */
public final class ReferenceModel {
  private RefFleet fleet;

  /** A fleet that begins. */
  public ReferenceModel(LifecycleConfig config, Lineage lineage) {
    fleet = new RefFleet(config, lineage);
  }

  ReferenceModel(RefFleet fleet) {
    this.fleet = fleet;
  }

  /** Returns the settings that the model does not judge, each with who obeys it. */
  public static SortedMap<String, String> notJudged() {
    SortedMap<String, String> obeyedBy = new TreeMap<>();
    obeyedBy.put("allowed_skew_ticks", "leaders whose store has a clock");
    obeyedBy.put("regrow_after_ticks", "the planner");
    obeyedBy.put("placement", "the planner, but for max_per_domain");
    obeyedBy.put("elevated_budget_millionths", "the planner");
    obeyedBy.put("high_budget_millionths", "the planner");
    obeyedBy.put("critical_budget_millionths", "the planner");
    obeyedBy.put("max_in_flight_bytes", "the planner");
    obeyedBy.put("evidence_max_age_ticks", "the engine");
    obeyedBy.put("mass_deletion_millionths", "workers");
    obeyedBy.put("assignment_retention_ticks", "the documents of the store");
    return obeyedBy;
  }

  /** Makes the model believe every tick it receives, for fleets whose clock it does not see. */
  public void believeTheTime() {
    fleet.isTimeBelieved = true;
  }

  /** Returns a copy that shares no mutable state. */
  public ReferenceModel copy() {
    return new ReferenceModel(fleet.copy());
  }

  /**
   * Executes a command.
   *
   * @param plan what the planner answered in a scheduling cycle; null if it was not asked
   * @param madeFrom the model as it was when the plan was made, which it may change; null where
   *     nothing came after that
   * @param result what the core answered
   * @return how that differs from what the model answers; empty if it does not
   */
  public List<String> execute(
      Command<?> command,
      Tick now,
      @Nullable PlacementPlan plan,
      @Nullable ReferenceModel madeFrom,
      Result result) {
    List<String> found = new ArrayList<>();
    RefPlan made =
        plan == null ? null : new RefPlan(plan, madeFrom == null ? null : madeFrom.fleet);
    String answer = answer(command, now.value(), made, found);
    String core = ResultWords.of(result);
    if (!answer.equals(core)) {
      found.add("the core answers " + core + "; the model " + answer);
    }
    return found;
  }

  /** Returns how a state differs from the model's; empty if it does not. */
  public List<String> differences(LifecycleView view, PortalAssignment routes) {
    return StateComparison.differences(fleet, view, routes);
  }

  private String answer(Command<?> command, long now, @Nullable RefPlan plan, List<String> found) {
    long tick = Math.max(now, fleet.largestTick);
    String refused = RefBounds.refusal(fleet, command);
    if (!refused.isEmpty()) {
      return refused;
    }
    if (isCycle(command) && fleet.isTooFarAhead(latest(command, now))) {
      return ResultCode.TIME_JUMP.name();
    }
    if (isCycle(command)) {
      fleet.advance(tick, command instanceof LeaderCommand.Admit);
    }
    if (command instanceof LeaderCommand.Schedule asked) {
      RefScheduling cycle = new RefScheduling(fleet, tick, asked);
      String words = cycle.run(plan);
      found.addAll(cycle.differences());
      return words;
    }
    if (command instanceof LeaderCommand.Publish publish) {
      return new RefVisibility(fleet, tick, publish).run();
    }
    if (command instanceof LeaderCommand.Purge) {
      return new RefOperator(fleet, tick).purge();
    }
    if (command instanceof LeaderCommand.Admit) {
      List<ChunkKey> admitted = new ArrayList<>();
      List<ChunkKey> rejected = new ArrayList<>();
      new RefIngesters(fleet).admitOffered(tick, admitted, rejected);
      return "admitted " + admitted + " rejected " + rejected;
    }
    return fromOutside(command, tick);
  }

  private static boolean isCycle(Command<?> command) {
    return command instanceof LeaderCommand.Schedule
        || command instanceof LeaderCommand.Publish
        || command instanceof LeaderCommand.Purge
        || command instanceof LeaderCommand.Admit;
  }

  private static long latest(Command<?> command, long now) {
    return command instanceof LeaderCommand.Publish publish
        ? Math.max(now, publish.commitTick())
        : now;
  }

  private String fromOutside(Command<?> command, long tick) {
    RefIngesters ingesters = new RefIngesters(fleet);
    if (command instanceof Command.Ingest ingest) {
      return ingesters.ingest(ingest.chunks());
    }
    if (command instanceof Command.Offer offer) {
      return ingesters.offer(offer.chunks(), tick);
    }
    if (command instanceof Command.RegisterSwap swap) {
      return ingesters.swap(swap);
    }
    if (command instanceof Command.CancelSwap cancel) {
      return ingesters.cancel(cancel.swapId());
    }
    if (command instanceof Command.Remove remove) {
      return ingesters.remove(remove.chunk());
    }
    RefWorkers workers = new RefWorkers(fleet, tick);
    if (command instanceof Command.Register register) {
      return workers.register(register.worker(), register.diskId());
    }
    if (command instanceof LeaderCommand.SetAside aside) {
      workers.setAside(aside);
      return ResultCode.ACCEPTED.name();
    }
    if (command instanceof Command.Describe describe) {
      return workers.describe(describe);
    }
    if (command instanceof Command.SetStatus status) {
      return workers.status(status.worker(), status.status());
    }
    if (command instanceof Command.Away away) {
      return workers.away(away);
    }
    if (command instanceof Command.Replace replace) {
      return workers.replace(replace);
    }
    RefOperator operator = new RefOperator(fleet, tick);
    if (command instanceof Command.Configure configure) {
      return operator.configure(configure.expectedVersion(), configure.config());
    }
    if (command instanceof Command.Wish wish) {
      return operator.wish(wish.wish(), wish.expectedVersion());
    }
    if (command instanceof Command.Unwish unwish) {
      return operator.unwish(unwish.wish(), unwish.expectedVersion());
    }
    if (command instanceof Command.Freeze freeze) {
      return operator.freeze(freeze.expectedVersion(), true);
    }
    if (command instanceof Command.Unfreeze unfreeze) {
      return operator.freeze(unfreeze.expectedVersion(), false);
    }
    if (command instanceof Command.ResetTime reset) {
      return new RefReset(fleet, reset.now().value()).run();
    }
    if (command instanceof Command.ConfirmDepartures confirm) {
      return workers.confirm(confirm.workers());
    }
    if (command instanceof LeaderCommand.BeginLineage begin) {
      return operator.beginLineage(begin.lineage());
    }
    return workers.report(command);
  }
}
