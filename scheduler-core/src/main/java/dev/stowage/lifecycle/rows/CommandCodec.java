package dev.stowage.lifecycle.rows;

import dev.stowage.evidence.CanonicalReader;
import dev.stowage.evidence.CanonicalWriter;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.lifecycle.Command;
import dev.stowage.lifecycle.CommandKind;

/**
 * Commands as canonical bytes and back, so that a recorded run can be replayed: one byte for the
 * kind, then the fields of its shape. Equal commands have equal bytes. Stateless and thread-safe.
 */
public final class CommandCodec {
  private CommandCodec() {}

  /** Returns a command as a whole canonical message. */
  public static byte[] toBytes(Command<?> command) {
    CanonicalWriter out = new CanonicalWriter();
    write(out, command);
    return out.toBytes();
  }

  /**
   * Returns the command of a whole canonical message.
   *
   * @throws EvidenceException.Malformed if the bytes are no command
   */
  public static Command<?> fromBytes(byte[] message) {
    CanonicalReader in = CanonicalReader.of(message);
    Command<?> command = read(in);
    in.end();
    return command;
  }

  /** Appends a command. */
  public static void write(CanonicalWriter out, Command<?> command) {
    command.kind().write(command, out.u8(command.kind().number()));
  }

  /**
   * Reads the next command.
   *
   * @throws EvidenceException.Malformed if there is none
   */
  public static Command<?> read(CanonicalReader in) {
    int kinds = CommandKind.ALL.size();
    int number = in.u8();
    if (number < 1 || number > kinds) {
      throw new EvidenceException.Malformed(
          1, "command kind is " + number + "; 1 to " + kinds + " is accepted");
    }
    return in.row(CommandKind.ALL.get(number - 1).shape());
  }
}
