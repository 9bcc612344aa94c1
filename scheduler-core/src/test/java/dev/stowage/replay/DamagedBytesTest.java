package dev.stowage.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.command.Command;
import dev.stowage.engine.EngineRecords;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.EvidenceLog.Explained;
import dev.stowage.evidence.EvidenceRecord;
import dev.stowage.evidence.Hash256;
import dev.stowage.evidence.RecordCatalog;
import dev.stowage.evidence.canonical.CanonicalWriter;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Bytes that nobody wrote are refused as such, whatever they are: no reader fails in its own way.
 */
class DamagedBytesTest {
  @Property(seed = "1")
  void recordOfADamagedCommand_isExplained_asUnreadable(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    RecordCatalog catalog = EngineReplay.catalog();
    for (Command<?> command : PublishedBytesTest.commands()) {
      EvidenceRecord written = PublishedBytesTest.recorded(command);
      byte[] payload = damaged(written.payload(), random);
      EvidenceRecord record = EvidenceRecord.of(0, written.wire(), payload, Hash256.ZERO);
      String text = catalog.explain(record).text();
      boolean isReadable = true;
      try {
        EngineRecords.ALL.input(record);
      } catch (EvidenceException.Malformed refused) {
        isReadable = false;
      }
      assertThat(text.startsWith("unreadable payload (")).isEqualTo(!isReadable);
    }
  }

  /** Small bytes: flags and counts that can be, and constants just beyond those that there are. */
  @Property(seed = "1")
  void recordOfAnyType_isExplained_whateverIsInIt(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (RecordCatalog catalog : List.of(EngineReplay.catalog(), PartReplay.catalog())) {
      catalog
          .types()
          .forEach(type -> {
            byte[] payload = new byte[1 + random.nextInt(200)];
            int bound = random.nextBoolean() ? 256 : 2 + random.nextInt(20);
            for (int at = 0; at < payload.length; at++) {
              payload[at] = (byte) (random.nextInt(3) == 0 ? random.nextInt(bound) : 0);
            }
            payload[0] = (byte) CanonicalWriter.VERSION;
            assertThat(explained(catalog, type.wire(), payload).text()).isNotNull();
          });
    }
  }

  private static Explained explained(RecordCatalog catalog, int wire, byte[] payload) {
    return catalog.explain(EvidenceRecord.of(0, wire, payload, Hash256.ZERO));
  }

  /** One or a few bytes are others, or the end is cut off, or there is more. */
  private static byte[] damaged(byte[] bytes, SplittableRandom random) {
    byte[] damaged = bytes.clone();
    switch (random.nextInt(4)) {
      case 0 -> damaged = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> {
        damaged = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
        damaged[bytes.length] = (byte) random.nextInt(256);
      }
      default -> {
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
          int at = random.nextInt(bytes.length);
          damaged[at] =
              (byte) (random.nextBoolean() ? random.nextInt(256) : damaged[at] + random.nextInt(4));
        }
      }
    }
    return damaged;
  }
}
