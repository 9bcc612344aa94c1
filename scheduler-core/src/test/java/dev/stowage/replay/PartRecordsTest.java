package dev.stowage.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.engine.EngineRecords;
import dev.stowage.evidence.parts.Records;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every record that a part may write has a number, a name and a shape. */
class PartRecordsTest {
  @Test
  void recordsOfAPart_areAllDeclared() {
    List<Records<?, ?>> declared = new ArrayList<>(List.of(EngineRecords.ALL));
    PartReplay.kinds().forEach(kind -> declared.add(kind.records()));
    for (Records<?, ?> each : declared) {
      List<Class<?>> records = new ArrayList<>();
      collect(each.inputs(), records);
      collect(each.outcomes(), records);
      assertThat(records).isNotEmpty().allMatch(each::declares);
    }
  }

  private static void collect(Class<?> type, List<Class<?>> into) {
    if (type.isSealed()) {
      for (Class<?> permitted : type.getPermittedSubclasses()) {
        collect(permitted, into);
      }
    } else {
      into.add(type);
    }
  }

  /** Numbers and names are looked up in one catalogue, whichever part wrote them. */
  @Test
  void numbersAndNames_ofAllParts_differ() {
    assertThat(PartReplay.catalog().types())
        .doesNotHaveDuplicates()
        .extracting(type -> type.stream() + type.name())
        .doesNotHaveDuplicates();
  }
}
