package dev.stowage.sim.tool.plan;

import dev.stowage.model.ChunkKey;
import dev.stowage.placement.PlacementInput;
import dev.stowage.placement.PlacementInput.ChunkBits;
import dev.stowage.placement.PlacementPlan;
import dev.stowage.placement.PlacementPlan.Shortage;
import dev.stowage.placement.PlacementPlan.Stuck;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files that say what a plan says. Stateless. */
public final class PlanOutput {
  private static final String PLACEMENT = "placement.csv";
  private static final String ACTIONS = "actions.csv";
  private static final String DEFERRED = "deferred.csv";
  private static final String SHORTFALLS = "shortfalls.csv";
  private static final String STUCK = "stuck.csv";
  private static final String NEXT_HELD = "next_held.csv";

  /** The name of the file with the figures of the plan. */
  public static final String SUMMARY = "summary.json";

  private PlanOutput() {}

  /** Returns the names of all files. */
  public static List<String> names() {
    return List.of(PLACEMENT, ACTIONS, DEFERRED, SHORTFALLS, STUCK, NEXT_HELD, SUMMARY);
  }

  /**
   * Returns the texts of all files by name.
   *
   * @param planMillis the duration of the planning in milliseconds, for the summary
   */
  public static Map<String, String> texts(PlanCase of, PlacementPlan plan, long planMillis) {
    Replicas replicas = new Replicas(of);
    PlanRows.tell(plan, replicas);
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put(PLACEMENT, replicas.placement.toString());
    texts.put(ACTIONS, actions(of, plan));
    texts.put(DEFERRED, shortages(of, plan.deferrals()));
    texts.put(SHORTFALLS, shortages(of, plan.shortfalls()));
    texts.put(STUCK, stuck(of, plan.stuck()));
    texts.put(NEXT_HELD, replicas.nextHeld.toString());
    texts.put(SUMMARY, PlanSummary.of(of, plan, planMillis));
    return texts;
  }

  private static String actions(PlanCase of, PlacementPlan plan) {
    CsvText text =
        new CsvText(
            "action",
            PlanFields.DATASET,
            PlanFields.CHUNK,
            PlanFields.WORKER,
            PlanFields.SIZE,
            "cause",
            "reason");
    for (int action = 0; action < plan.actionCount(); action++) {
      int chunk = plan.actionChunk(action);
      ChunkKey key = of.keys().get(chunk);
      text.field(PlanFields.lower(plan.kind(action)))
          .field(key.dataset().value())
          .field(key.id())
          .field(of.input().worker(plan.actionWorker(action)).id().value())
          .field(of.input().sizeBytes(chunk))
          .field(PlanFields.lower(plan.cause(action)))
          .field(PlanFields.lower(plan.reason(action)))
          .end();
    }
    return text.toString();
  }

  private static String shortages(PlanCase of, List<Shortage> shortages) {
    CsvText text = new CsvText(PlanFields.DATASET, PlanFields.CHUNK, "missing", "reason");
    for (Shortage each : shortages) {
      ChunkKey key = of.keys().get(each.chunk());
      text.field(key.dataset().value())
          .field(key.id())
          .field(each.missing())
          .field(PlanFields.lower(each.reason()))
          .end();
    }
    return text.toString();
  }

  private static String stuck(PlanCase of, List<Stuck> stuck) {
    CsvText text =
        new CsvText(
            PlanFields.DATASET,
            PlanFields.CHUNK,
            PlanFields.WORKER,
            PlanFields.SIZE,
            "reason",
            "eligible_workers",
            "most_room_bytes");
    for (Stuck each : stuck) {
      ChunkKey key = of.keys().get(each.chunk());
      text.field(key.dataset().value())
          .field(key.id())
          .field(of.input().worker(each.worker()).id().value())
          .field(of.input().sizeBytes(each.chunk()))
          .field(PlanFields.lower(each.reason()))
          .field(each.eligibleWorkers())
          .field(each.mostRoomBytes())
          .end();
    }
    return text.toString();
  }

  private static final class Replicas implements PlanRows.Listener {
    final CsvText placement =
        new CsvText(PlanFields.DATASET, PlanFields.CHUNK, PlanFields.WORKER, PlanFields.STATE);
    final CsvText nextHeld =
        new CsvText(
            PlanFields.DATASET,
            PlanFields.CHUNK,
            PlanFields.WORKER,
            PlanFields.STATE,
            PlanFields.POSSESSED,
            PlanFields.ROUTED,
            PlanFields.DRAINED);
    private final PlacementInput input;
    private final List<ChunkKey> keys;

    Replicas(PlanCase of) {
      input = of.input();
      keys = of.keys();
    }

    @Override
    public void published(int chunk, int worker, HeldTable.State state) {
      replica(placement, chunk, worker, state).end();
    }

    @Override
    public void remaining(int chunk, int worker, HeldTable.State state) {
      boolean draining = state == HeldTable.State.DRAINING;
      boolean visible = (input.chunkBits(chunk) & ChunkBits.VISIBLE) != 0;
      replica(nextHeld, chunk, worker, state)
          .field("true")
          .field(Boolean.toString(visible && !draining))
          .field(Boolean.toString(draining))
          .end();
    }

    private CsvText replica(CsvText text, int chunk, int worker, HeldTable.State state) {
      ChunkKey key = keys.get(chunk);
      return text.field(key.dataset().value())
          .field(key.id())
          .field(input.worker(worker).id().value())
          .field(PlanFields.lower(state));
    }
  }
}
