package dev.stowage.evidence;

import dev.stowage.columns.Utf8Order;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a run must share with another for their chains to be comparable. Its canonical encoding is
 * what the first hash of a chain digests: {@code h(0) = SHA-256(encode())}.
 *
 * @param formatVersion version of the evidence format, 0 to 65,535
 * @param libraryVersion version of the library that wrote the evidence
 * @param configHash digest of the engine's configuration
 * @param seed the run's seed; any 64 bits
 * @param cores logical cores, 0 to 65,535; 0 when the engine has none
 * @param quantum tasks a core may run in a round, 0 to 4,294,967,295; 0 when the engine has none
 * @param mapping name and parameters of the map from tasks to cores; may be empty
 * @param topology name and parameters of the topology; may be empty
 * @param initialClock the logical clock at the start; unsigned
 * @param attributes whatever else decides a run's outcome, by name: policies with their parameters
 */
public record EvidenceHeader(
    int formatVersion,
    String libraryVersion,
    Hash256 configHash,
    long seed,
    int cores,
    long quantum,
    String mapping,
    String topology,
    long initialClock,
    Map<String, String> attributes) {
  /** The format that this library writes. */
  public static final int FORMAT_VERSION = 1;

  private static final String MAGIC = "stowage-evidence";

  /** Checks ranges ({@link IllegalArgumentException}), and copies and sorts the attributes. */
  public EvidenceHeader {
    Objects.requireNonNull(libraryVersion, "libraryVersion");
    Objects.requireNonNull(configHash, "configHash");
    Objects.requireNonNull(mapping, "mapping");
    Objects.requireNonNull(topology, "topology");
    inRange(formatVersion, 0xFFFF, "formatVersion");
    inRange(cores, 0xFFFF, "cores");
    inRange(quantum, 0xFFFF_FFFFL, "quantum");
    TreeMap<String, String> sorted = new TreeMap<>(Utf8Order.COMPARATOR);
    sorted.putAll(attributes);
    attributes = Collections.unmodifiableMap(sorted);
  }

  /**
   * A header of this format for an engine without cores: no mapping, no topology, clock 0, no
   * attributes.
   */
  public static EvidenceHeader of(String libraryVersion, Hash256 configHash, long seed) {
    return new EvidenceHeader(
        FORMAT_VERSION, libraryVersion, configHash, seed, 0, 0, "", "", 0, Map.of());
  }

  /** This header with its deterministic runtime described. */
  public EvidenceHeader withRuntime(
      int cores, long quantum, String mapping, String topology, long initialClock) {
    return new EvidenceHeader(
        formatVersion,
        libraryVersion,
        configHash,
        seed,
        cores,
        quantum,
        mapping,
        topology,
        initialClock,
        attributes);
  }

  /** This header with one more attribute, or with another value for it. */
  public EvidenceHeader withAttribute(String name, String value) {
    Map<String, String> more = new TreeMap<>(Utf8Order.COMPARATOR);
    more.putAll(attributes);
    more.put(name, value);
    return new EvidenceHeader(
        formatVersion,
        libraryVersion,
        configHash,
        seed,
        cores,
        quantum,
        mapping,
        topology,
        initialClock,
        more);
  }

  /** The canonical encoding. */
  public byte[] encode() {
    return new CanonicalWriter()
        .string(MAGIC)
        .u16(formatVersion)
        .string(libraryVersion)
        .hash(configHash)
        .u64(seed)
        .u16(cores)
        .u32(quantum)
        .string(mapping)
        .string(topology)
        .u64(initialClock)
        .map(attributes, CanonicalWriter::string)
        .toBytes();
  }

  /**
   * The header that {@code bytes} encode.
   *
   * @throws EvidenceException.Malformed if they are not a header's canonical encoding
   * @throws EvidenceException.Mismatch if the header is of another format version
   */
  public static EvidenceHeader decode(byte[] bytes) {
    CanonicalReader reader = CanonicalReader.of(bytes);
    String magic = reader.string();
    if (!magic.equals(MAGIC)) {
      throw new EvidenceException.Malformed(1, "not an evidence header");
    }
    int format = reader.u16();
    if (format != FORMAT_VERSION) {
      throw new EvidenceException.Mismatch(
          List.of(
              new HeaderDifference(
                  "formatVersion", Integer.toString(FORMAT_VERSION), Integer.toString(format))));
    }
    EvidenceHeader header =
        new EvidenceHeader(
            format,
            reader.string(),
            reader.hash(),
            reader.u64(),
            reader.u16(),
            reader.u32(),
            reader.string(),
            reader.string(),
            reader.u64(),
            reader.map(CanonicalReader::string));
    reader.end();
    return header;
  }

  /** The chain's first hash, {@code h(0)}: the SHA-256 digest of the canonical encoding. */
  public Hash256 hash() {
    return Hash256.of(encode());
  }

  /** Every field in which {@code found} differs from this header, in declared order. */
  public List<HeaderDifference> differencesFrom(EvidenceHeader found) {
    List<HeaderDifference> differences = new ArrayList<>();
    Map<String, String> here = fields();
    Map<String, String> there = found.fields();
    here.forEach((field, expected) -> {
      String other = there.getOrDefault(field, "nothing");
      if (!expected.equals(other)) {
        differences.add(new HeaderDifference(field, expected, other));
      }
    });
    there.forEach((field, other) -> {
      if (!here.containsKey(field)) {
        differences.add(new HeaderDifference(field, "nothing", other));
      }
    });
    return List.copyOf(differences);
  }

  /**
   * Requires that {@code found} is equal to this header.
   *
   * @throws EvidenceException.Mismatch naming every field that differs
   */
  public void requireSame(EvidenceHeader found) {
    List<HeaderDifference> differences = differencesFrom(found);
    if (!differences.isEmpty()) {
      throw new EvidenceException.Mismatch(differences);
    }
  }

  private Map<String, String> fields() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("formatVersion", Integer.toString(formatVersion));
    fields.put("libraryVersion", libraryVersion);
    fields.put("configHash", configHash.toString());
    fields.put("seed", Long.toUnsignedString(seed));
    fields.put("cores", Integer.toString(cores));
    fields.put("quantum", Long.toString(quantum));
    fields.put("mapping", mapping);
    fields.put("topology", topology);
    fields.put("initialClock", Long.toUnsignedString(initialClock));
    attributes.forEach((name, value) -> fields.put("attributes." + name, value));
    return fields;
  }

  private static void inRange(long value, long most, String what) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(what + " is " + value + "; 0 to " + most + " is accepted");
    }
  }

  /**
   * One field in which two evidence headers differ.
   *
   * @param field the field's name
   * @param expected what the reader asked for, as text
   * @param found what the evidence says, as text
   */
  public record HeaderDifference(String field, String expected, String found) {
    /** Refuses null. */
    public HeaderDifference {
      Objects.requireNonNull(field, "field");
      Objects.requireNonNull(expected, "expected");
      Objects.requireNonNull(found, "found");
    }

    @Override
    public String toString() {
      return field + " expected " + expected + " found " + found;
    }
  }
}
