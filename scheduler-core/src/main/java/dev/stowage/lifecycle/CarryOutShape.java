package dev.stowage.lifecycle;

import dev.stowage.command.Command;
import dev.stowage.command.Command.Bounds;
import dev.stowage.command.Command.CarryOut;
import dev.stowage.command.own.LeaderCommand;
import dev.stowage.lifecycle.rows.CommandCodec;
import dev.stowage.shape.Shape;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The fields of {@link CarryOut}, which hold commands of other kinds. */
final class CarryOutShape {
  static final Shape<CarryOut> SHAPE =
      Shape.of(
          "carry_out",
          row -> {
            var commands =
                row.list("commands", CarryOut::commands, CommandCodec.PART)
                    .atMost(Bounds.TOGETHER_BYTES, "bytes", CarryOutShape::bytes)
                    .checkedBy(CarryOutShape::unfit);
            var hash =
                row.text("plan_hash", CarryOut::planHash)
                    .atMost(Bounds.NAME_CHARACTERS, "characters", String::length);
            var by =
                row.text("by", CarryOut::by)
                    .orElse("")
                    .atMost(Bounds.NAME_CHARACTERS, "characters", String::length);
            return v -> new CarryOut(commands.of(v), hash.of(v), by.of(v));
          });

  private CarryOutShape() {}

  private static long bytes(List<Command<?>> commands) {
    return commands.stream().mapToLong(it -> 1 + CommandKind.kindOf(it).bytes(it)).sum();
  }

  private static @Nullable String unfit(List<Command<?>> commands, String field) {
    for (Command<?> each : commands) {
      CommandKind<?, ?> kind = CommandKind.kindOf(each);
      if (kind.giver() == CommandKind.Giver.CYCLE
          || each instanceof LeaderCommand.BeginLineage
          || each instanceof LeaderCommand.SetAside
          || each instanceof CarryOut) {
        return field + " has a " + kind + ", which is not carried out with others";
      }
    }
    return null;
  }
}
