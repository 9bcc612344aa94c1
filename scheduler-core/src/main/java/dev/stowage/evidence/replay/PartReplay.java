package dev.stowage.evidence.replay;

import dev.stowage.content.ContentScheduler;
import dev.stowage.deterministic.DeterministicScheduler;
import dev.stowage.deterministic.TaskTable;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Replayable;
import dev.stowage.evidence.parts.PartHeader;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.Records;
import dev.stowage.pressure.LoadGovernor;
import dev.stowage.propagation.PropagationScheduler;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Replays a recording of one part, such as transfers or propagation, without a facade. */
public final class PartReplay {
  private static final List<PartKind<?>> KINDS =
      kinds(
          LoadGovernor.factory(),
          ContentScheduler.factory(),
          PropagationScheduler.factory(),
          DeterministicScheduler.factory(TaskTable.EMPTY));

  private PartReplay() {}

  private static List<PartKind<?>> kinds(Replayable.Factory... factories) {
    return Stream.of(factories).<PartKind<?>>map(factory -> (PartKind<?>) factory).toList();
  }

  /** Returns the factory that replays a recording; empty if no single part wrote it. */
  public static Optional<Replayable.Factory> factoryFor(EvidenceHeader header) {
    String part = PartHeader.partOf(header);
    return KINDS.stream()
        .filter(kind -> kind.name().equals(part))
        .<Replayable.Factory>map(kind -> kind)
        .findFirst();
  }

  static List<PartKind<?>> kinds() {
    return KINDS;
  }

  /** Returns the catalog of every record type of every part. */
  public static RecordCatalog catalog() {
    RecordCatalog.Builder catalog = RecordCatalog.builder();
    KINDS.stream()
        .<Records<?, ?>>map(PartKind::records)
        .distinct()
        .forEach(records -> catalog.addAll(records.catalog()));
    return catalog.build();
  }
}
