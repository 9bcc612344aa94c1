package dev.stowage.evidence;

import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceRecord.RecordType;
import dev.stowage.evidence.canonical.CanonicalReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** The record types that a reader knows, with their decoders. Immutable and thread-safe. */
public final class RecordCatalog {
  private static final RecordCatalog EMPTY = new RecordCatalog(Map.of());

  private final Map<Integer, Entry> entries;

  private record Entry(RecordType type, RecordDecoder decoder) {}

  private RecordCatalog(Map<Integer, Entry> entries) {
    this.entries = entries;
  }

  /** Returns an empty catalogue. */
  public static RecordCatalog empty() {
    return EMPTY;
  }

  /** Returns an empty builder. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns the known types by wire number. */
  public List<RecordType> types() {
    return entries.values().stream().map(Entry::type).toList();
  }

  /** Explains a record; shows the bytes of an unknown type or an unreadable payload. */
  public Explained explain(EvidenceRecord record) {
    Entry entry = entries.get(record.wire());
    if (entry == null) {
      return inBytes(record, RecordType.unnamed(record.wire()), "unknown type");
    }
    try {
      CanonicalReader reader = record.reader();
      RecordDecoder.Decoded decoded = entry.decoder().decode(reader);
      reader.end();
      return new Explained(record, entry.type(), decoded.text(), decoded.subjects());
    } catch (RuntimeException e) {
      // A decoder is foreign code, and may throw anything that it cannot read.
      return inBytes(record, entry.type(), "unreadable payload (" + e.getMessage() + ")");
    }
  }

  /**
   * Explains the records that touch {@code subject}, or an item that an earlier one of them names,
   * in the order given.
   */
  public List<Explained> explain(Subject subject, Iterable<EvidenceRecord> records) {
    Objects.requireNonNull(subject, "subject");
    Set<Subject> told = new HashSet<>();
    told.add(subject);
    List<Explained> touching = new ArrayList<>();
    for (EvidenceRecord record : records) {
      Explained explained = explain(record);
      if (explained.subjects().contains(subject)) {
        explained.subjects().stream().filter(Subject::isItem).forEach(told::add);
      }
      if (explained.subjects().stream().anyMatch(told::contains)) {
        touching.add(explained);
      }
    }
    return List.copyOf(touching);
  }

  private static Explained inBytes(EvidenceRecord record, RecordType type, String why) {
    byte[] payload = record.sharedPayload();
    int shown = Math.min(payload.length, 64);
    String hex = HexFormat.of().formatHex(payload, 0, shown);
    String more = shown < payload.length ? ".." : "";
    String text = why + ", " + payload.length + " bytes " + hex + more;
    return new Explained(record, type, text, List.of());
  }

  /** Collects types. Not thread-safe. */
  public static final class Builder {
    private final TreeMap<Integer, Entry> entries = new TreeMap<>();

    private Builder() {}

    /** Adds a type; throws {@code IllegalArgumentException} if its wire number is taken. */
    public Builder add(RecordType type, RecordDecoder decoder) {
      Objects.requireNonNull(decoder, "decoder");
      Entry other = entries.putIfAbsent(type.wire(), new Entry(type, decoder));
      if (other != null) {
        throw new IllegalArgumentException(
            type.name() + " and " + other.type().name() + " both have number " + type.wire());
      }
      return this;
    }

    /** Adds a catalogue; throws {@code IllegalArgumentException} for a number in both. */
    public Builder addAll(RecordCatalog other) {
      other.entries.values().forEach(entry -> add(entry.type(), entry.decoder()));
      return this;
    }

    /** Returns the catalogue. */
    public RecordCatalog build() {
      return new RecordCatalog(new TreeMap<>(entries));
    }
  }

  /** Turns the payloads of one type into words; comes from the package that writes the type. */
  @FunctionalInterface
  public interface RecordDecoder {
    /** Reads a payload, on any thread; throws {@link EvidenceException.Malformed}. */
    @SuppressWarnings("exports") // for our own records
    Decoded decode(CanonicalReader payload);

    /** A payload as one line without the type's name, and the subjects in any order. */
    record Decoded(String text, List<Subject> subjects) {
      /** Copies the subjects. */
      public Decoded {
        Objects.requireNonNull(text, "text");
        subjects = List.copyOf(subjects);
      }

      /** Creates a text with subjects. */
      public static Decoded of(String text, Subject... subjects) {
        return new Decoded(text, List.of(subjects));
      }
    }
  }
}
