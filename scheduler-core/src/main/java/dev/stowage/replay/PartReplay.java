package dev.stowage.replay;

import dev.stowage.content.ContentScheduler;
import dev.stowage.deterministic.DeterministicScheduler;
import dev.stowage.deterministic.TaskTable;
import dev.stowage.engine.EngineRecords;
import dev.stowage.engine.EngineRecords.PartBegun;
import dev.stowage.engine.EngineRecords.PartId;
import dev.stowage.engine.EngineRecords.PartRested;
import dev.stowage.engine.EngineRecords.PartSaid;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.parts.PartHeader;
import dev.stowage.evidence.parts.PartKind;
import dev.stowage.evidence.parts.Records;
import dev.stowage.propagation.PropagationScheduler;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Replays a recording of one part, such as transfers or propagation, without a facade. */
public final class PartReplay {
  private static final List<PartKind<?>> KINDS =
      kinds(
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

  /**
   * The evidence of one part, such as the transfers of one process, in the recording of a facade.
   *
   * @param name the epoch in which the part first spoke, and its number in its process: {@code 3.0}
   * @param kind the kind of part, as {@link PartReplay} knows it
   * @param records the part's records in the recording
   * @param lost the part's records that are missing between those or before them; a replay repeats
   *     none behind the first missing one, and only shows them
   * @param isWhole true if the part's last record here is known to be its last before its process
   *     gave the lease back. If not, later records may have been lost with the process
   */
  public record RecordedPart(String name, String kind, long records, long lost, boolean isWhole) {
    /** Returns the parts in a recording, in the order in which they first spoke. */
    public static List<RecordedPart> in(Iterable<EvidenceRecord> recording) {
      Map<PartId, Story> found = new LinkedHashMap<>();
      for (EvidenceRecord record : recording) {
        EngineRecords.Input input =
            EngineRecords.ALL.isInput(record) ? EngineRecords.ALL.input(record) : null;
        if (input instanceof PartBegun it) {
          found.computeIfAbsent(it.part(), part -> new Story(it.kind()));
        } else if (input instanceof PartSaid it && found.containsKey(it.part())) {
          found.get(it.part()).said(it.from(), it.count());
        } else if (input instanceof PartRested it && found.containsKey(it.part())) {
          found.get(it.part()).rested(it.records());
        }
      }
      return found.entrySet().stream()
          .map(it -> it.getValue().told(it.getKey().toString()))
          .toList();
    }

    @Override
    public String toString() {
      return kind
          + " "
          + name
          + ": "
          + records
          + " records"
          + (lost == 0 ? "" : ", " + lost + " lost, so that those behind are told and not repeated")
          + (isWhole ? "" : "; the last ones may have been lost");
    }

    private static final class Story {
      private final String kind;
      private long records;
      private long end;
      private boolean isWhole;

      Story(String kind) {
        this.kind = kind;
      }

      void said(long from, int count) {
        records += count;
        end = from + count;
        isWhole = false;
      }

      void rested(long said) {
        end = said;
        isWhole = true;
      }

      RecordedPart told(String name) {
        return new RecordedPart(name, kind, records, Math.max(0, end - records), isWhole);
      }
    }
  }
}
