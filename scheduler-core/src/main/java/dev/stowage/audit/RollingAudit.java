package dev.stowage.audit;

import dev.stowage.lifecycle.LifecycleView;
import dev.stowage.lifecycle.rows.ChangeSet;
import dev.stowage.lifecycle.rows.WorkerRow;
import dev.stowage.model.ChunkKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * State audits at the cost of what changed: of what a command changed, right after it, and of a run
 * of chunks after each cycle, so that every chunk is judged again and again, whatever happens to
 * it. Remembers where the next run begins; not thread-safe.
 */
public final class RollingAudit {
  /** How many chunks a cycle judges beside those that it changed. */
  public static final int CHUNKS_A_CYCLE = 4_096;

  private final int most;
  private @Nullable ChunkKey last;
  private long lastFirst;

  /** One that has judged nothing. */
  public RollingAudit() {
    this(CHUNKS_A_CYCLE);
  }

  /** The same with runs of at most so many chunks. */
  RollingAudit(int most) {
    this.most = most;
  }

  /** Every violation of a state invariant by what a command changed, and what lies around it. */
  public List<Violation> changed(LifecycleView state, ChangeSet changes) {
    return Excerpt.isOfWorkers(changes)
        ? workers(state, changes)
        : check(state, Excerpt.of(state, changes));
  }

  /** The same of the next run of chunks in canonical order; after the last come the first. */
  public List<Violation> next(LifecycleView state) {
    int[] run = state.chunksBehind(last, lastFirst, most);
    if (run.length == 0 && last != null) {
      run = state.chunksBehind(null, 0, most);
    }
    if (run.length == 0) {
      last = null;
      return List.of();
    }
    int end = run[run.length - 1];
    last = state.chunkKey(end);
    lastFirst = state.chunkRange(end).first();
    return check(state, Excerpt.of(state, run));
  }

  /** A report changes its worker, and a fleet gets many. */
  private static List<Violation> workers(LifecycleView state, ChangeSet changes) {
    if (changes.workers().isEmpty()) {
      return List.of();
    }
    Findings findings = new Findings();
    for (WorkerRow row : changes.workers()) {
      long applied = state.reportedApplied(row.position());
      long newest = state.newestWorkerAssignment().value();
      StampsAreSane.judgeWorker(row.id(), applied, newest, findings);
    }
    return findings.asList();
  }

  private static List<Violation> check(LifecycleView state, Excerpt excerpt) {
    return excerpt.isEmpty() ? List.of() : Audit.check(FleetReader.read(state, excerpt));
  }
}
