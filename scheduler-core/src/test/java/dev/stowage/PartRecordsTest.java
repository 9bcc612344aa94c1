package dev.stowage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.evidence.parts.PartKind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every record that a part may write has a number, a name and a shape. */
class PartRecordsTest {
  @Test
  void recordsOfAPart_areAllDeclared() {
    for (PartKind<?> kind : PartReplay.kinds()) {
      List<Class<?>> records = new ArrayList<>();
      collect(kind.records().inputs(), records);
      collect(kind.records().outcomes(), records);
      assertThat(records).isNotEmpty().allMatch(kind.records()::declares);
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
