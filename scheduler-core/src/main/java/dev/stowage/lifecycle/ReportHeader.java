package dev.stowage.lifecycle;

import dev.stowage.model.Incarnation;
import dev.stowage.model.Lineage;
import dev.stowage.model.WorkerId;
import java.util.Objects;

/**
 * What every report of a worker begins with.
 *
 * @param worker who reports
 * @param incarnation the life of its disk, as {@code register} answered it
 * @param lineage the lineage that its newest slice, or {@code register}, named
 * @param number rises within the incarnation, at least 1; a number that is not above the last
 *     accepted one is {@link ResultCode#STALE}
 */
public record ReportHeader(WorkerId worker, Incarnation incarnation, Lineage lineage, long number) {
  /** Refuses nulls and a number below 1. */
  public ReportHeader {
    Objects.requireNonNull(worker, "worker");
    Objects.requireNonNull(incarnation, "incarnation");
    Objects.requireNonNull(lineage, "lineage");
    if (number < 1) {
      throw new IllegalArgumentException("report number is " + number + "; at least 1 is accepted");
    }
  }
}
