package dev.stowage.propagation.paths;

import dev.stowage.evidence.Hash256;
import java.nio.charset.StandardCharsets;

/** The first 64 bits of the SHA-256 of a kind and a name, with a zero byte between them. */
public final class Digest64 {
  private Digest64() {}

  public static long of(String kind, String name) {
    return Hash256.of((kind + '\0' + name).getBytes(StandardCharsets.UTF_8)).a();
  }
}
