package dev.stowage.sim.filestore;

import dev.stowage.engine.StowageContract;
import dev.stowage.sim.kit.conformance.Check;
import dev.stowage.sim.kit.conformance.Conformance;
import dev.stowage.sim.mutants.TestRun;
import dev.stowage.store.ChunkStoreContract;
import dev.stowage.store.StoreLeaseContract;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Asks a store on files, which may be a broken one, whether it keeps its promises; it is loaded
 * together with it. The first word says which way:
 *
 * <ul>
 *   <li>{@code contract [METHOD...]}: the methods of the two contracts that fail, of these or of
 *       all
 *   <li>{@code scenario [FILE...]}: the scenario files that fail, of these or of all
 *   <li>{@code cuts}: what is wrong after a process died in the middle of a record
 * </ul>
 */
public final class FileStoreTrial implements Function<List<String>, List<String>> {
  /** A trial; to be made by the loader of the store that it asks. */
  public FileStoreTrial() {}

  @Override
  public List<String> apply(List<String> question) {
    List<String> wanted = question.subList(1, question.size());
    return switch (question.get(0)) {
      case "contract" -> contract(wanted);
      case "scenario" -> scenarios(wanted);
      case "cuts" -> cuts();
      default -> throw new IllegalArgumentException(question.toString());
    };
  }

  private static List<String> scenarios(List<String> wanted) {
    List<String> failing = new ArrayList<>();
    for (Check check : Conformance.of(FolderFixture::fresh).scenarios()) {
      if (wanted.isEmpty() || wanted.contains(check.name())) {
        try {
          check.run();
        } catch (AssertionError | RuntimeException caught) {
          failing.add(check.name());
        }
      }
    }
    return failing;
  }

  private static List<String> contract(List<String> wanted) {
    return Stream.of(ChunkStoreContract.class, StoreLeaseContract.class, StowageContract.class)
        .flatMap(contract -> Stream.of(contract.getDeclaredMethods()))
        .filter(method -> method.isAnnotationPresent(Test.class))
        .filter(method -> wanted.isEmpty() || wanted.contains(method.getName()))
        .sorted(Comparator.comparing(Method::getName))
        .filter(test -> TestRun.fails(opened(test.getDeclaringClass()), test))
        .map(Method::getName)
        .toList();
  }

  private static Object opened(Class<?> contract) {
    if (contract == StoreLeaseContract.class) {
      return new FileStoreLeaseTest();
    }
    return contract == ChunkStoreContract.class ? new FileChunkStoreTest() : new FileStowageTest();
  }

  private static List<String> cuts() {
    try {
      Path folder = Files.createTempDirectory("cuts");
      return FolderCuts.findings(folder);
    } catch (IOException | RuntimeException broken) {
      return List.of(broken.toString());
    }
  }
}
