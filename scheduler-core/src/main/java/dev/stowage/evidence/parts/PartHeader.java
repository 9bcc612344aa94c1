package dev.stowage.evidence.parts;

import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceHeader;
import dev.stowage.evidence.EvidenceHeader.HeaderDifference;
import dev.stowage.evidence.Hash256;
import java.util.HexFormat;
import java.util.List;

/** The header of a recording of one part, with all that is needed to run it again. */
public final class PartHeader {
  private static final String PART = "part";
  private static final String SETTINGS = "part.settings";

  private PartHeader() {}

  public static EvidenceHeader of(String part, byte[] bytes, String libraryVersion) {
    return EvidenceHeader.of(libraryVersion, Hash256.of(bytes), 0)
        .withAttribute(PART, part)
        .withAttribute(SETTINGS, HexFormat.of().formatHex(bytes));
  }

  public static String partOf(EvidenceHeader header) {
    return header.attributes().getOrDefault(PART, "");
  }

  /** Throws {@link EvidenceException.Mismatch} if another part wrote it or settings are missing. */
  public static byte[] settingsIn(EvidenceHeader header, String part) {
    String settings = header.attributes().getOrDefault(SETTINGS, "");
    if (!partOf(header).equals(part) || !settings.matches("([0-9a-f]{2})+")) {
      throw new EvidenceException.Mismatch(
          List.of(new HeaderDifference("attributes." + PART, part, partOf(header))));
    }
    return HexFormat.of().parseHex(settings);
  }
}
