package dev.stowage.content.lanes;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.ContentId;
import dev.stowage.content.lanes.StreamAssignment.StreamPriority;
import dev.stowage.content.recording.ContentCodec;
import dev.stowage.content.recording.ContentRecords;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder.Decoded;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.Subject;
import dev.stowage.pressure.PressureSnapshot;
import java.util.Optional;

/**
 * What {@link StreamScheduler}, {@link ContentLanes} and {@link MultilevelQueue} write into the
 * evidence, and how it reads.
 */
public final class StreamRecords {
  static final RecordType ASSIGN = RecordType.input(0x0320, "STREAM_ASSIGN");
  static final RecordType SENT = RecordType.input(0x0321, "STREAM_SENT");
  static final RecordType RELEASE = RecordType.input(0x0322, "STREAM_RELEASE");
  static final RecordType CLEAR = RecordType.input(0x0323, "STREAM_CLEAR");
  static final RecordType ASSIGNED = RecordType.outcome(0x0324, "STREAM_ASSIGNED");
  static final RecordType RELEASED = RecordType.outcome(0x0325, "STREAM_RELEASED");

  static final RecordType LANE_SCHEDULE = RecordType.input(0x0330, "LANE_SCHEDULE");
  static final RecordType LANE_ASKED = RecordType.input(0x0331, "LANE_ASKED");
  static final RecordType LANE_ACKNOWLEDGED = RecordType.input(0x0332, "LANE_ACKNOWLEDGED");
  static final RecordType LANE_FAILED = RecordType.input(0x0333, "LANE_FAILED");
  static final RecordType LANE_CANCEL = RecordType.input(0x0334, "LANE_CANCEL");
  static final RecordType LANE_PRESSURE = RecordType.input(0x0335, "LANE_PRESSURE");
  static final RecordType LANE_RELEASE = RecordType.input(0x0336, "LANE_RELEASE");
  static final RecordType LANE_CLEAR = RecordType.input(0x0337, "LANE_CLEAR");
  static final RecordType LANE_RESERVED = RecordType.outcome(0x0338, "LANE_RESERVED");
  static final RecordType LANE_SENT = RecordType.outcome(0x0339, "LANE_SENT");
  static final RecordType LANE_MISSING = RecordType.outcome(0x033A, "LANE_MISSING");
  static final RecordType LANE_DONE = RecordType.outcome(0x033B, "LANE_DONE");

  static final RecordType LEVEL_READY = RecordType.input(0x0340, "LEVEL_READY");
  static final RecordType LEVEL_BLOCKED = RecordType.input(0x0341, "LEVEL_BLOCKED");
  static final RecordType LEVEL_ASKED = RecordType.input(0x0342, "LEVEL_ASKED");
  static final RecordType LEVEL_PICKED = RecordType.outcome(0x0343, "LEVEL_PICKED");

  private StreamRecords() {}

  /** Every type with its decoder, and those of {@link ContentRecords}, for explanations. */
  public static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .addAll(ContentRecords.catalog())
        .add(ASSIGN, StreamRecords::timedItem)
        .add(SENT, in -> Decoded.of(stream(in) + ", " + in.u64() + " bytes at " + in.u64()))
        .add(RELEASE, in -> Decoded.of(stream(in) + " at " + in.u64()))
        .add(CLEAR, in -> Decoded.of("everything"))
        .add(ASSIGNED, in -> Decoded.of(assignment(in).map(Object::toString).orElse("none")))
        .add(RELEASED, in -> Decoded.of(in.flag() ? "was handed out" : "was not handed out"))
        .add(LANE_SCHEDULE, StreamRecords::timedItem)
        .add(LANE_ASKED, in -> Decoded.of("at " + in.u64()))
        .add(LANE_ACKNOWLEDGED, StreamRecords::timedId)
        .add(LANE_FAILED, StreamRecords::failed)
        .add(LANE_CANCEL, StreamRecords::timedId)
        .add(LANE_PRESSURE, in -> Decoded.of("at " + in.u64() + ": " + PressureSnapshot.read(in)))
        .add(LANE_RELEASE, in -> Decoded.of(stream(in) + " at " + in.u64()))
        .add(LANE_CLEAR, in -> Decoded.of("everything"))
        .add(LANE_RESERVED, StreamRecords::reserved)
        .add(LANE_SENT, in -> item(in.u64(), " on " + stream(in)))
        .add(LANE_MISSING, in -> item(in.u64(), " waits for a lane"))
        .add(LANE_DONE, in -> Decoded.of(in.flag() ? "known" : "unknown"))
        .add(LEVEL_READY, in -> Decoded.of(level(in) + " " + stream(in)))
        .add(LEVEL_BLOCKED, in -> Decoded.of(level(in) + " " + stream(in)))
        .add(LEVEL_ASKED, in -> Decoded.of("which next"))
        .add(LEVEL_PICKED, in -> Decoded.of(in.flag() ? level(in) + " " + stream(in) : "none"))
        .build();
  }

  private static Decoded item(long id, String text) {
    return Decoded.of(new ContentId(id) + text, Subject.item(id));
  }

  private static Decoded timedItem(CanonicalReader in) {
    long at = in.u64();
    ContentItem item = ContentCodec.item(in);
    return item(item.id(), " at " + at + ": " + item);
  }

  private static Decoded timedId(CanonicalReader in) {
    return item(in.u64(), " at " + in.u64());
  }

  private static Decoded failed(CanonicalReader in) {
    return item(in.u64(), " at " + in.u64() + ": " + in.string());
  }

  private static Decoded reserved(CanonicalReader in) {
    return item(in.u64(), " " + assignment(in).map(Object::toString).orElse("none"));
  }

  private static String stream(CanonicalReader in) {
    return "stream " + Long.toUnsignedString(in.u64());
  }

  static void assignment(CanonicalWriter out, Optional<StreamAssignment> assignment) {
    out.optional(
        assignment.orElse(null),
        (to, a) -> to.u64(a.stream()).u8(a.priority().ordinal()).u64(a.assignedAtNanos()));
  }

  private static Optional<StreamAssignment> assignment(CanonicalReader in) {
    return in.optional(
        r -> new StreamAssignment(r.u64(), r.oneOf(StreamPriority.values()), r.u64()));
  }

  static MultilevelQueue.Level level(CanonicalReader in) {
    return in.oneOf(MultilevelQueue.Level.values());
  }
}
