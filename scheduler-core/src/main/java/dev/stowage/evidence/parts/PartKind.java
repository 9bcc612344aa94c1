package dev.stowage.evidence.parts;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayable;
import dev.stowage.shape.Shape;
import java.util.function.BiFunction;

/**
 * A kind of part: its name, its records, its settings and how one is begun. Makes the header of a
 * recording, and fresh parts from it for a replay.
 *
 * @param name the name in headers
 * @param records the records
 * @param settings the shape of the settings
 * @param beginning makes a part that has seen nothing yet
 * @param <S> the settings
 */
public record PartKind<S>(
    String name,
    Records<?, ?> records,
    Shape<S> settings,
    BiFunction<S, EvidenceLog, Replayable> beginning)
    implements Replayable.Factory {
  /** Returns what a log must begin with for a part of these settings to be run again. */
  public EvidenceHeader header(S of, String libraryVersion) {
    return PartHeader.of(name, new CanonicalWriter().row(settings, of), libraryVersion);
  }

  @Override
  public Replayable fresh(EvidenceHeader header, EvidenceLog log) {
    CanonicalReader in = PartHeader.settingsOf(header, name);
    S recorded = in.row(settings);
    in.end();
    return beginning.apply(recorded, log);
  }

  /** The settings of a part that has none. */
  public enum NoSettings {
    /** Nothing is set. */
    NONE;

    /** The shape without fields. */
    public static final Shape<NoSettings> SHAPE = Shape.of("no_settings", b -> v -> NONE);
  }
}
