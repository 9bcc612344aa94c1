package dev.stowage.sim.kit.walk;

import dev.stowage.sim.kit.scenario.Story;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What happened in a walk, boiled down to 32 bytes: equal walks have equal traces. */
final class Trace {
  private final MessageDigest sha;

  Trace() {
    try {
      sha = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }

  void add(String line, String answer, Story story) {
    String entry = line + "\n" + answer + "\n" + story.books().digest() + "\n";
    sha.update(entry.getBytes(StandardCharsets.UTF_8));
  }

  String digest() {
    return HexFormat.of().formatHex(sha.digest());
  }
}
