package dev.stowage.sim.tool.run;

import dev.stowage.content.ContentItem;
import dev.stowage.content.ContentQueue;
import dev.stowage.content.PriorityClass;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;

/** Makes queues of transfers in which no copy is more urgent than another. Stateless. */
public final class FirstCome {
  private FirstCome() {}

  /** Returns the queue in which each worker gets its copies in the order in which they came. */
  public static ContentQueue of(ContentQueue queue) {
    return (ContentQueue)
        Proxy.newProxyInstance(
            FirstCome.class.getClassLoader(),
            new Class<?>[] {ContentQueue.class},
            (proxy, method, arguments) -> answer(queue, method, arguments));
  }

  private static Object answer(ContentQueue queue, Method method, Object[] arguments)
      throws Throwable {
    if (method.getName().equals("reclassify")) {
      return Optional.empty();
    }
    if (method.getName().equals("schedule")) {
      ContentItem item = (ContentItem) arguments[0];
      ContentItem plain = ContentItem.of(item.id(), PriorityClass.DATA, item.sizeBytes(), 1, 1);
      arguments[0] = plain.in(item.flow()).with(item.details());
    }
    try {
      return method.invoke(queue, arguments);
    } catch (InvocationTargetException thrown) {
      throw thrown.getCause();
    }
  }
}
