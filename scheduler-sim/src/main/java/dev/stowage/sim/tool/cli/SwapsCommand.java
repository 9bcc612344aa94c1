package dev.stowage.sim.tool.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.stowage.answer.Explanation;
import dev.stowage.lifecycle.questions.Questions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code stowage swaps}: which swaps are pending, and what does each wait for? */
@Command(
    name = "swaps",
    header = "List the pending swaps of a live fleet, and what each waits for.",
    description = {"", "Reads the whole fleet in one snapshot that blocks no writer.", ""},
    footer = {
      "  stowage swaps --jdbc-url 'jdbc:postgresql://host/db?user=u'",
      "  stowage swaps --jdbc-url 'jdbc:postgresql://host/db?user=u' --json"
    },
    exitCodeList = {
      " 0:answered",
      " 1:the command line is wrong: an unknown option, a bad value",
      " 2:the database cannot be reached, or the schema has no fleet or one of another version",
      " 3:a row of the fleet cannot be read"
    })
final class SwapsCommand implements Callable<Integer> {
  private final Console console;

  @Mixin private LiveQuestion question = new LiveQuestion();

  SwapsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws UnreadableException {
    return question.ask(
        console,
        store -> {
          Map<Long, Explanation> pending = store.ask(Questions.pendingSwaps());
          ObjectNode json = LiveAnswer.object();
          ArrayNode all = json.putArray("swaps");
          List<String> text = new ArrayList<>();
          pending.forEach((id, why) -> {
            ObjectNode swap = all.addObject().put("id", id);
            why.lines().forEach(swap.putArray("waits_for")::add);
            text.add("swap " + id + (why.lines().isEmpty() ? ": fires with the next cycle" : ""));
            why.lines().forEach(reason -> text.add("  " + reason));
          });
          if (text.isEmpty()) {
            text.add("no swap is pending");
          }
          return new LiveAnswer(json, text, ExitCode.OK);
        });
  }
}
