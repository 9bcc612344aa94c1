package dev.stowage.evidence.parts;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.Hash256;
import java.util.HexFormat;
import java.util.List;

/**
 * The header of a recording that one part of the library wrote by itself, such as a scheduler or a
 * governor: it names the part and holds its settings, so that whoever finds the recording can run
 * it again.
 */
public final class PartHeader {
  private static final String PART = "part";
  private static final String SETTINGS = "part.settings";

  private PartHeader() {}

  /**
   * A header.
   *
   * @param part the part's name
   * @param settings its settings, encoded
   * @param libraryVersion version of the library
   */
  public static EvidenceHeader of(String part, CanonicalWriter settings, String libraryVersion) {
    byte[] bytes = settings.toBytes();
    return EvidenceHeader.of(libraryVersion, Hash256.of(bytes), 0)
        .withAttribute(PART, part)
        .withAttribute(SETTINGS, HexFormat.of().formatHex(bytes));
  }

  /** The part that wrote a recording; empty if none says so. */
  public static String partOf(EvidenceHeader header) {
    return header.attributes().getOrDefault(PART, "");
  }

  /**
   * The settings of a part.
   *
   * @throws EvidenceException.Mismatch if another part wrote the recording, or its settings are
   *     missing
   */
  public static CanonicalReader settingsOf(EvidenceHeader header, String part) {
    String settings = header.attributes().getOrDefault(SETTINGS, "");
    if (!partOf(header).equals(part) || !settings.matches("([0-9a-f]{2})+")) {
      throw new EvidenceException.Mismatch(
          List.of(new HeaderDifference("attributes." + PART, part, partOf(header))));
    }
    return CanonicalReader.of(HexFormat.of().parseHex(settings));
  }
}
