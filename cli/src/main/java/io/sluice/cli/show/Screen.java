package io.sluice.cli.show;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where standard output goes.
 *
 * @param terminal whether it is one
 * @param width in columns; of what is no terminal, all there are
 */
public record Screen(boolean terminal, int width) {

  /** Of a terminal that does not say. */
  private static final int USUAL_WIDTH = 120;

  private static final int NARROWEST = 20;

  public static final Screen FILE = new Screen(false, Integer.MAX_VALUE);

  /** Asks the system: Java tells of standard input and output together only, and of no width. */
  public static Screen here() {
    try {
      Process asked =
          new ProcessBuilder(
                  "/bin/sh", "-c", "test -t 1 && { stty size </dev/tty || echo 0; } 2>&- >&2")
              .redirectOutput(Redirect.INHERIT)
              .start();
      asked.getOutputStream().close();
      String said = new String(asked.getErrorStream().readAllBytes(), StandardCharsets.US_ASCII);
      return asked.waitFor() == 0 ? new Screen(true, width(said)) : FILE;
    } catch (IOException e) {
      return FILE; // a system without a shell: plain text is right everywhere
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return FILE;
    }
  }

  /** Whether a person is there: standard input and output are a terminal. */
  public static boolean interactive() {
    try {
      Process asked =
          new ProcessBuilder("/bin/sh", "-c", "test -t 0 && test -t 1").inheritIO().start();
      return asked.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Of rows and columns, as stty says them. */
  private static int width(String size) {
    String[] numbers = size.strip().split(" ", -1);
    try {
      int width = numbers.length == 2 ? Integer.parseInt(numbers[1]) : 0;
      return width == 0 ? USUAL_WIDTH : Math.max(NARROWEST, width);
    } catch (NumberFormatException e) {
      return USUAL_WIDTH;
    }
  }

  /** Whether it is to be coloured, by https://no-color.org. */
  public boolean colours(Map<String, String> environment) {
    return terminal
        && environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"));
  }
}
