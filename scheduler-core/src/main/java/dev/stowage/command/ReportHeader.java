package dev.stowage.command;

import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import dev.stowage.shape.Form;
import dev.stowage.shape.NumberField;
import dev.stowage.shape.Shape;
import dev.stowage.shape.ValueField;
import java.util.Objects;

/**
 * The header of every report of a worker, with the incarnation answered by {@code register} and the
 * lineage of that answer or of its newest slice. Numbers are at least 1 and must rise within an
 * incarnation, or the report is {@link ResultCode#STALE}.
 */
public record ReportHeader(WorkerId worker, Incarnation incarnation, Lineage lineage, long number) {
  private static final Shape.Builder<ReportHeader> FIELDS = Shape.named("report_header");
  private static final ValueField<ReportHeader, WorkerId> WORKER =
      FIELDS.value("worker", ReportHeader::worker, Form.of(WorkerId.class)).subject();
  private static final ValueField<ReportHeader, Incarnation> INCARNATION =
      FIELDS.value("incarnation", ReportHeader::incarnation, Form.of(Incarnation.class));
  private static final ValueField<ReportHeader, Lineage> LINEAGE =
      FIELDS.value("lineage", ReportHeader::lineage, Form.of(Lineage.class));
  private static final NumberField<ReportHeader> NUMBER =
      FIELDS.number("number", ReportHeader::number).atLeast(1);

  /** The fields of a header. */
  static final Shape<ReportHeader> SHAPE =
      FIELDS.make(
          v -> new ReportHeader(WORKER.of(v), INCARNATION.of(v), LINEAGE.of(v), NUMBER.of(v)));

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
