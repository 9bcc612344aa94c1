package host;

import dev.stowage.sim.kit.conformance.Check;
import dev.stowage.sim.kit.conformance.Conformance;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

// insert: java 1 of docs/write-a-store.md
