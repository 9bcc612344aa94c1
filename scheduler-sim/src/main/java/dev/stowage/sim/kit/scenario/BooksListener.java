package dev.stowage.sim.kit.scenario;

import dev.stowage.StowageListener;
import dev.stowage.audit.Violation;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.Result;
import dev.stowage.model.Tick;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Says that a copy of the books is old, and passes everything on. */
final class BooksListener implements StowageListener {
  private final StowageListener other;
  private final BiConsumer<@Nullable Command<?>, @Nullable Result> onChange;

  BooksListener(
      StowageListener other, BiConsumer<@Nullable Command<?>, @Nullable Result> onChange) {
    this.other = other;
    this.onChange = onChange;
  }

  @Override
  public void executed(Tick tick, Command<?> command, Result result) {
    onChange.accept(command, result);
    other.executed(tick, command, result);
  }

  @Override
  public void violated(Tick tick, Command<?> command, List<Violation> violations) {
    other.violated(tick, command, violations);
  }

  @Override
  public void leading(long epoch) {
    onChange.accept(null, null);
    other.leading(epoch);
  }

  @Override
  public void following(String reason) {
    other.following(reason);
  }

  @Override
  public void failed(Throwable failure) {
    other.failed(failure);
  }
}
