package dev.stowage.evidence.parts;

import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceLog;
import dev.stowage.evidence.Replayer.Replayable;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.shape.Shape;
import java.util.function.BiFunction;

/** A kind of part, which makes headers of recordings and fresh parts for replays. */
public record PartKind<S>(
    String name,
    Records<?, ?> records,
    Shape<S> settings,
    BiFunction<S, EvidenceLog, Replayable> beginning)
    implements Replayable.Factory {
  public EvidenceHeader header(S of, String libraryVersion) {
    byte[] bytes = new CanonicalWriter().row(settings, of).toBytes();
    return PartHeader.of(name, bytes, libraryVersion);
  }

  @Override
  public Replayable fresh(EvidenceHeader header, EvidenceLog log) {
    CanonicalReader in = CanonicalReader.of(PartHeader.settingsIn(header, name));
    S recorded = in.row(settings);
    in.end();
    return beginning.apply(recorded, log);
  }
}
