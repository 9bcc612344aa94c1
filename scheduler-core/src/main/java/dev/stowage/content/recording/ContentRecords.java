package dev.stowage.content.recording;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentItem.ContentId;
import dev.stowage.content.ContentScheduler;
import dev.stowage.content.PriorityClass;
import dev.stowage.content.ScheduleOutcome;
import dev.stowage.content.ScheduleReason;
import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.RecordCatalog.RecordDecoder;
import dev.stowage.evidence.RecordCatalog.RecordDecoder.Decoded;
import dev.stowage.evidence.RecordType;
import dev.stowage.evidence.Subject;
import dev.stowage.pressure.PressureBand;
import dev.stowage.pressure.PressureSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** What a {@link ContentScheduler} writes into the evidence, and how it reads. */
public final class ContentRecords {
  public static final RecordType SCHEDULED = RecordType.input(0x0300, "CONTENT_SCHEDULED");
  public static final RecordType BATCH_SCHEDULED =
      RecordType.input(0x0301, "CONTENT_BATCH_SCHEDULED");
  public static final RecordType ASKED = RecordType.input(0x0302, "CONTENT_ASKED");
  public static final RecordType PRESSURE = RecordType.input(0x0303, "CONTENT_PRESSURE");
  public static final RecordType CANCEL = RecordType.input(0x0304, "CONTENT_CANCEL");
  public static final RecordType COMPLETED = RecordType.input(0x0305, "CONTENT_COMPLETED");
  public static final RecordType FAILED = RecordType.input(0x0306, "CONTENT_FAILED");
  public static final RecordType CLEARED = RecordType.input(0x0307, "CONTENT_CLEARED");

  static final RecordType SELECTED = RecordType.outcome(0x0310, "CONTENT_SELECTED");
  static final RecordType THROTTLED = RecordType.outcome(0x0311, "CONTENT_THROTTLED");
  static final RecordType EXPIRED = RecordType.outcome(0x0312, "CONTENT_EXPIRED");
  static final RecordType SHED = RecordType.outcome(0x0313, "CONTENT_SHED");
  static final RecordType REFUSED = RecordType.outcome(0x0314, "CONTENT_REFUSED");
  static final RecordType CANCELLED = RecordType.outcome(0x0315, "CONTENT_CANCELLED");
  static final RecordType READY_AGAIN = RecordType.outcome(0x0316, "CONTENT_READY_AGAIN");
  static final RecordType RETRY = RecordType.outcome(0x0317, "CONTENT_RETRY");
  static final RecordType GIVEN_UP = RecordType.outcome(0x0318, "CONTENT_GIVEN_UP");

  private ContentRecords() {}

  /** Every type with its decoder, for explanations. */
  public static RecordCatalog catalog() {
    return RecordCatalog.builder()
        .add(SCHEDULED, ContentRecords::scheduled)
        .add(BATCH_SCHEDULED, ContentRecords::batch)
        .add(ASKED, in -> Decoded.of("at " + in.u64()))
        .add(PRESSURE, in -> Decoded.of("at " + in.u64() + ": " + words(PressureSnapshot.read(in))))
        .add(CANCEL, ContentRecords::cancel)
        .add(COMPLETED, item(in -> ""))
        .add(FAILED, ContentRecords::failed)
        .add(CLEARED, in -> Decoded.of(in.flag() ? "pressure kept" : "pressure forgotten"))
        .add(SELECTED, ContentRecords::selected)
        .add(THROTTLED, ContentRecords::throttled)
        .add(EXPIRED, item(in -> " at its deadline " + in.u64()))
        .add(SHED, ContentRecords::shed)
        .add(REFUSED, item(in -> ": " + in.oneOf(ScheduleOutcome.values())))
        .add(CANCELLED, item(in -> in.flag() ? " in flight" : " while it waited"))
        .add(READY_AGAIN, item(in -> ""))
        .add(RETRY, item(in -> " after failure " + in.u8() + " not before " + in.u64()))
        .add(GIVEN_UP, item(in -> " after failure " + in.u8()))
        .build();
  }

  /** Whether a record is an input of a content scheduler. */
  public static boolean isInput(EvidenceRecord record) {
    return record.wire() >= SCHEDULED.wire() && record.wire() <= CLEARED.wire();
  }

  private static Decoded item(long id, String text) {
    return Decoded.of(new ContentId(id) + text, Subject.item(id));
  }

  /** A decoder of an id and what {@code rest} reads behind it. */
  private static RecordDecoder item(Function<CanonicalReader, String> rest) {
    return in -> item(in.u64(), rest.apply(in));
  }

  private static Decoded scheduled(CanonicalReader in) {
    long at = in.u64();
    ContentItem item = ContentCodec.item(in);
    return item(item.id(), " at " + at + ": " + words(item));
  }

  private static Decoded batch(CanonicalReader in) {
    long at = in.u64();
    List<ContentItem> items = in.list(ContentCodec::item);
    List<Subject> subjects = new ArrayList<>();
    items.forEach(item -> subjects.add(Subject.item(item.id())));
    return new Decoded(items.size() + " items at " + at, subjects);
  }

  private static Decoded cancel(CanonicalReader in) {
    return Decoded.of(ContentCodec.cancelTarget(in).toString());
  }

  private static Decoded failed(CanonicalReader in) {
    long id = in.u64();
    return item(id, " at " + in.u64() + ": " + in.string());
  }

  private static Decoded shed(CanonicalReader in) {
    long id = in.u64();
    return item(id, " for " + new ContentId(in.u64()));
  }

  private static Decoded throttled(CanonicalReader in) {
    ScheduleReason reason = in.oneOf(ScheduleReason.values());
    PressureBand band = in.oneOf(PressureBand.values());
    PriorityClass held = PriorityClass.ofRank(in.u8());
    PressureSnapshot pressure = PressureSnapshot.read(in);
    return Decoded.of(
        reason + ", highest waiting " + held.displayName() + ", " + band + ", " + words(pressure));
  }

  private static Decoded selected(CanonicalReader in) {
    SelectionRecord record = SelectionRecord.read(in);
    StringBuilder text = new StringBuilder();
    text.append(" by decision ").append(Long.toUnsignedString(record.decisionId()));
    text.append(", ").append(record.reason()).append(", before");
    record.alternatives().forEach(id -> text.append(' ').append(new ContentId(id)));
    text.append(", ").append(record.band()).append(", ").append(record.fairness());
    return item(record.selectedId(), text.toString());
  }

  private static String words(ContentItem item) {
    return String.format(
        Locale.ROOT,
        "%s, %d bytes, cost %s, utility %s, %s, %s",
        item.priorityClass().displayName(),
        item.sizeBytes(),
        item.cost(),
        item.utility(),
        item.flow(),
        item.details());
  }

  private static String words(PressureSnapshot snapshot) {
    return String.format(
        Locale.ROOT,
        "network %s disk %s cpu %s memory %s measured at %d",
        snapshot.network(),
        snapshot.disk(),
        snapshot.cpu(),
        snapshot.memory(),
        snapshot.measuredAtNanos());
  }
}
