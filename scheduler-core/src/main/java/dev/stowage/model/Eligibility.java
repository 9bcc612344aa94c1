package dev.stowage.model;

import dev.stowage.model.Worker.Labels;
import dev.stowage.model.Worker.WorkerVersion;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Objects;

/** The least version and the labels that a worker must have to hold a chunk. */
public record Eligibility(WorkerVersion minVersion, Labels requiredLabels) {
  private static final Shape.Builder<Eligibility> FIELDS = Shape.named("eligibility");
  private static final ValueField<Eligibility, WorkerVersion> MIN_VERSION =
      FIELDS
          .value("min_version", Eligibility::minVersion, WorkerVersion.FORM)
          .orElse(WorkerVersion.ZERO);
  private static final ValueField<Eligibility, Labels> REQUIRED_LABELS =
      FIELDS
          .value("required_labels", Eligibility::requiredLabels, Labels.FORM)
          .atMost(Labels.MOST, "labels", labels -> labels.sorted().size())
          .orElse(Labels.NONE);

  /** The fields of a constraint. */
  static final Shape<Eligibility> SHAPE =
      FIELDS.make(v -> shared(new Eligibility(MIN_VERSION.of(v), REQUIRED_LABELS.of(v))));

  /** The constraint that every worker meets. */
  public static final Eligibility ANY = new Eligibility(WorkerVersion.ZERO, Labels.NONE);

  /** Throws {@link NullPointerException} for nulls. */
  public Eligibility {
    Objects.requireNonNull(minVersion, "minVersion");
    Objects.requireNonNull(requiredLabels, "requiredLabels");
  }

  /** Shares one object among most rows, because most chunks have no constraint. */
  private static Eligibility shared(Eligibility read) {
    return read.equals(ANY) ? ANY : read;
  }

  /** Reports whether {@code worker} meets this constraint, whatever its status. */
  public boolean admits(Worker worker) {
    return worker.version().compareTo(minVersion) >= 0
        && worker.labels().containsAll(requiredLabels);
  }

  /** Returns the constraint that demands what this one and {@code other} demand. */
  public Eligibility and(Eligibility other) {
    WorkerVersion version =
        minVersion.compareTo(other.minVersion) >= 0 ? minVersion : other.minVersion;
    java.util.List<String> labels = new java.util.ArrayList<>(requiredLabels.sorted());
    labels.addAll(other.requiredLabels.sorted());
    return new Eligibility(version, Labels.copyOf(labels));
  }
}
