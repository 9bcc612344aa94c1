package dev.stowage.sim.filestore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.stowage.sim.mutants.BrokenCore;
import dev.stowage.sim.mutants.Mutant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The kit catches a store that breaks a promise, one promise at a time. */
class BrokenFileStoreTest {
  @ParameterizedTest
  @MethodSource("stores")
  void kit_catchesABrokenStore(Mutant store) throws Exception {
    List<String> witness = Arrays.asList(store.witness().split(" "));
    assertThat(BrokenCore.with(store).trial(FileStoreTrial.class.getName()).apply(witness))
        .as(store.breaks())
        .isNotEmpty();
  }

  @Test
  void kit_passesTheStoreThatIsNotBroken() throws Exception {
    var trial = BrokenCore.unbroken().trial(FileStoreTrial.class.getName());
    for (List<String> witness :
        stores().map(store -> Arrays.asList(store.witness().split(" "))).distinct().toList()) {
      assertThat(trial.apply(witness)).as(witness.toString()).isEmpty();
    }
  }

  static Stream<Mutant> stores() {
    return Mutant.all("/file-store.list").stream();
  }
}
