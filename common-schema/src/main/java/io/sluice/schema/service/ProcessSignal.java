package io.sluice.schema.service;

import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A signal that ends processes, taken before the JVM acts on it. The JVM's own way is to run all
 * shutdown hooks at once: those of libraries then end pools (Iceberg's) that a service needs to
 * close what it holds. A signal that was ignored when the process started stays ignored.
 */
enum ProcessSignal {
  TERM,
  INT,
  HUP;

  private static final Logger LOG = LoggerFactory.getLogger(ProcessSignal.class);

  /**
   * Calls back on a thread of the JVM's at each such signal, where this JVM has a way to ask for it
   * (module jdk.unsupported; javac warns of a direct use, and nothing suppresses that).
   */
  void handle(Consumer<ProcessSignal> handler) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
      Object proxy =
          Proxy.newProxyInstance(
              signalHandler.getClassLoader(),
              new Class<?>[] {signalHandler},
              (self, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                  return method.invoke(this, arguments);
                }
                handler.accept(this);
                return null;
              });
      signal
          .getMethod("handle", signal, signalHandler)
          .invoke(null, signal.getConstructor(String.class).newInstance(name()), proxy);
    } catch (ReflectiveOperationException e) {
      LOG.warn("cannot handle SIG{}: the JVM's own shutdown runs instead", name(), e);
    }
  }
}
