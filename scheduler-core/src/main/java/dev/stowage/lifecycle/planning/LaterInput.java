package dev.stowage.lifecycle.planning;

import dev.stowage.placement.PlacementPlan;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An input that is built when it is first asked for. Not thread-safe. */
final class LaterInput implements Prepared.Source {
  private final Supplier<Prepared.Source> build;
  private Prepared.@Nullable Source built;

  LaterInput(Supplier<Prepared.Source> build) {
    this.build = build;
  }

  private Prepared.Source input() {
    Prepared.Source known = built;
    if (known == null) {
      known = build.get();
      built = known;
    }
    return known;
  }

  @Override
  public PlacementPlan plan() {
    return input().plan();
  }

  @Override
  public int chunk(int number) {
    return input().chunk(number);
  }

  @Override
  public int worker(int number) {
    return input().worker(number);
  }

  @Override
  public int numberOfChunk(int position) {
    return input().numberOfChunk(position);
  }

  @Override
  public int numberOfWorker(int position) {
    return input().numberOfWorker(position);
  }

  @Override
  public long goodUntil() {
    return input().goodUntil();
  }
}
