package dev.stowage.command;

import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Declare;
import dev.stowage.shape.Shape;
import java.util.Objects;

/**
 * The header of every report of a worker, with the incarnation answered by {@code register} and the
 * lineage of that answer or of its newest slice. Numbers are at least 1 and must rise within an
 * incarnation, or the report is {@link ResultCode#STALE}.
 */
public record ReportHeader(
    @Declare(subject = true) WorkerId worker,
    Incarnation incarnation,
    Lineage lineage,
    @Declare(least = 1) long number) {
  /** The fields of a header. */
  static final Shape<ReportHeader> SHAPE = Shape.derived("report_header", ReportHeader.class);

  /** Throws {@code IllegalArgumentException} for a number below 1. */
  public ReportHeader {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(incarnation, "incarnation");
    Objects.requireNonNull(lineage, "lineage");
    if (number < 1) {
      throw new IllegalArgumentException("report number is " + number + "; at least 1 is accepted");
    }
  }
}
