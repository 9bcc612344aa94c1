package dev.stowage.engine;

import dev.stowage.lifecycle.Command;
import java.nio.charset.StandardCharsets;

/** The canonical bytes of a command in the evidence. */
final class CommandBytes {
  private CommandBytes() {}

  static byte[] of(Command command) {
    return command.toString().getBytes(StandardCharsets.UTF_8);
  }
}
