package dev.stowage.lifecycle.rows;

import dev.stowage.command.Command;
import dev.stowage.evidence.EvidenceException;
import dev.stowage.evidence.canonical.CanonicalReader;
import dev.stowage.evidence.canonical.CanonicalWriter;
import dev.stowage.lifecycle.CommandKind;
import dev.stowage.shape.Field;
import dev.stowage.shape.Form;
import dev.stowage.shape.Kind;
import dev.stowage.shape.Sink;
import dev.stowage.shape.Source;
import java.util.Arrays;

/** Encodes commands canonically: one byte for the kind, then the fields. Thread-safe. */
@SuppressWarnings("exports") // fields are for our own stores
public final class CommandCodec {
  /** The form of a command in a row: the number of its kind, then the fields of its shape. */
  public static final Form<Command<?>> FORM = new CommandForm(false);

  /** The form of a command that is carried out with others, whose bytes hold no further ones. */
  public static final Form<Command<?>> PART = new CommandForm(true);

  private CommandCodec() {}

  /** Returns a command as a whole canonical message. */
  public static byte[] toBytes(Command<?> command) {
    CanonicalWriter out = new CanonicalWriter().u8(CommandKind.kindOf(command).number());
    CommandKind.kindOf(command).write(command, out);
    return out.toBytes();
  }

  /** Returns the command of a message; throws {@code EvidenceException.Malformed} for others. */
  public static Command<?> fromBytes(byte[] message) {
    CanonicalReader in = CanonicalReader.of(message);
    Command<?> command = in.row(kind(in.u8()).shape());
    in.end();
    return command;
  }

  private static CommandKind<?, ?> kind(long number) {
    int kinds = CommandKind.ALL.size();
    if (number < 1 || number > kinds) {
      throw new EvidenceException.Malformed(
          1, "command kind is " + number + "; 1 to " + kinds + " is accepted");
    }
    return CommandKind.ALL.get((int) number - 1);
  }

  private record CommandForm(boolean isPart) implements Form<Command<?>> {
    private static final int MOST_CHARACTERS = 400;

    @Override
    public Kind kind() {
      return Kind.ROW;
    }

    @Override
    public boolean isNarrow() {
      return true;
    }

    @Override
    public void write(Field<?, ?> of, Command<?> command, Sink to) {
      to.number(of, CommandKind.kindOf(command).number());
      CommandKind.kindOf(command).write(command, to);
    }

    @Override
    public Command<?> read(Field<?, ?> of, Source from) {
      CommandKind<?, ?> kind = CommandCodec.kind(from.number(of));
      if (isPart && kind == CommandKind.CARRY_OUT) {
        throw new EvidenceException.Malformed(1, kind + " is not carried out with other commands");
      }
      return kind.shape().read(from);
    }

    @Override
    public long hash(Command<?> command) {
      return Arrays.hashCode(toBytes(command));
    }

    @Override
    public String print(Command<?> command) {
      String text =
          CommandKind.kindOf(command) + " (" + CommandKind.kindOf(command).text(command) + ")";
      return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "...";
    }
  }
}
