package dev.stowage.lifecycle.state;

import dev.stowage.columns.IntSet;
import org.jspecify.annotations.Nullable;

/**
 * What the next cycles have to look at, so that a cycle costs what changed and not what is stored.
 * Each set may hold more than it has to, never less: whoever visits a member judges it by its row.
 */
public final class WorkSets {
  /** Offered chunks. */
  public final IntSet offered = new IntSet();

  /** Marked chunks that are admitted or visible, and dropped ones. */
  public final IntSet ending = new IntSet();

  /** Chunks with a superseded or draining replica. */
  public final IntSet restless = new IntSet();

  /** Chunks that the next visibility cycle looks at. */
  public final IntSet touched = new IntSet();

  /** Chunks with a missing replica. */
  public final IntSet missing = new IntSet();

  /** Chunks with a replica above the watermark; kept under a quorum policy only. */
  public final IntSet unconfirmed = new IntSet();

  /** Visible chunks that may have no routed replica. */
  public final IntSet dark = new IntSet();

  /** Chunks whose routes a published snapshot does not show yet. */
  public final IntSet routes = new IntSet();

  /** Pairs whose part in the slices a published snapshot does not show yet. */
  public final PairList pairs = new PairList();

  /** Chunks of which a plan may read something else than the planner was told. */
  public final IntSet unfed = new IntSet();

  /** Workers of which a plan may read something else than the planner was told. */
  public final IntSet unfedWorkers = new IntSet();

  /** Who told the planner last; another one, or one after a load, has to tell it everything. */
  @Nullable public Object feeder;

  /** Workers that were heard of, or whose reports wait. */
  public final IntSet reporting = new IntSet();

  /** Workers whose published incarnation may be another one now. */
  public final IntSet headers = new IntSet();

  /** Workers that may have departed and still hold replicas in the books. */
  public final IntSet departed = new IntSet();

  /** Workers that may hold bytes that the store does not know. */
  public final IntSet orphaned = new IntSet();

  /** Tombstones and rejected chunks. */
  public final IntSet ended = new IntSet();

  /** Workers whose slices are to be made anew, because their pairs are not all in the list. */
  public final IntSet slices = new IntSet();
}
