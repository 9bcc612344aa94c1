package dev.stowage.content;

import dev.stowage.content.SelectionPolicy.Fairness;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressurePolicy;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** A policy with another fairness or other pressure bands than {@code base}. */
record TunedPolicy(SelectionPolicy base, Fairness fairness, PressurePolicy pressure)
    implements SelectionPolicy {
  TunedPolicy {
    Objects.requireNonNull(base, "base");
    Objects.requireNonNull(fairness, "fairness");
    Objects.requireNonNull(pressure, "pressure");
  }

  @Override
  public String name() {
    return base.name();
  }

  @Override
  public SortedMap<String, String> parameters() {
    return new TreeMap<>(base.parameters());
  }

  @Override
  public double merit(ContentItem item) {
    return base.merit(item);
  }

  @Override
  public long tieBreak(ContentItem item) {
    return base.tieBreak(item);
  }

  @Override
  public int weight(PriorityClass priorityClass) {
    return base.weight(priorityClass);
  }

  @Override
  public boolean holds(PressureBand band, PriorityClass priorityClass) {
    return base.holds(band, priorityClass);
  }

  @Override
  public boolean prefersSmall(PressureBand band) {
    return base.prefersSmall(band);
  }

  @Override
  public long deadlineHorizonNanos(long configured) {
    return base.deadlineHorizonNanos(configured);
  }

  @Override
  public SelectionPolicy withFairness(Fairness other) {
    return new TunedPolicy(base, other, pressure);
  }

  @Override
  public SelectionPolicy withPressure(PressurePolicy other) {
    return new TunedPolicy(base, fairness, other);
  }
}
