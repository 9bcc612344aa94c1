package dev.stowage.contract;

import dev.stowage.answer.Question;
import dev.stowage.lifecycle.questions.Questions;
import dev.stowage.model.ChunkKey;
import dev.stowage.model.DatasetId;
import dev.stowage.model.WorkerId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** All that {@link Questions} offers, asked about these subjects: a new question is among them. */
public record EveryQuestion(
    List<ChunkKey> chunks, List<WorkerId> workers, List<DatasetId> datasets, List<Long> swaps) {
  /** One question, and the call that made it. */
  public record Asked(String call, Question<?> question) {
    @Override
    public String toString() {
      return call;
    }
  }

  /** Returns each question with each combination of subjects. */
  public List<Asked> all() {
    List<Asked> all = new ArrayList<>();
    Arrays.stream(Questions.class.getMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .sorted(Comparator.comparing(Method::toGenericString))
        .forEach(method -> add(method, List.of(), all));
    return all;
  }

  private void add(Method method, List<Object> given, List<Asked> to) {
    if (given.size() == method.getParameterCount()) {
      to.add(new Asked(method.getName() + given, made(method, given)));
      return;
    }
    Parameter next = method.getParameters()[given.size()];
    for (Object subject : subjects(next.getParameterizedType())) {
      List<Object> more = new ArrayList<>(given);
      more.add(subject);
      add(method, more, to);
    }
  }

  private List<?> subjects(Type type) {
    if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
      List<?> each = subjects(list.getActualTypeArguments()[0]);
      List<Object> twice = new ArrayList<>(each);
      twice.addAll(each);
      return List.of(List.of(), each, twice);
    }
    if (type == ChunkKey.class) {
      return chunks;
    }
    if (type == WorkerId.class) {
      return workers;
    }
    if (type == DatasetId.class) {
      return datasets;
    }
    if (type == Duration.class) {
      return List.of(Duration.ofSeconds(1));
    }
    if (type == long.class) {
      return swaps;
    }
    if (type == String.class) {
      return List.of("a request that nobody made");
    }
    throw new IllegalArgumentException("no subjects of " + type);
  }

  private static Question<?> made(Method method, List<Object> given) {
    try {
      return (Question<?>) method.invoke(null, given.toArray());
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException(method + " of " + given, e);
    }
  }
}
