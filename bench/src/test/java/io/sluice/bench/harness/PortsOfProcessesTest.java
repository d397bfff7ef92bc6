package io.sluice.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.s3server.FreePorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What a process is given while its own services may be away is not given to another one. */
class PortsOfProcessesTest {

  private static final int COUNT = 1_000;

  @Test
  void noTwoProcessesGiveTheSamePortOfATest() throws Exception {
    List<Integer> own = FreePorts.several(COUNT);

    assertThat(own).doesNotHaveDuplicates();
    assertThat(ofAnotherProcess(OfTests.class)).hasSize(COUNT).doesNotContainAnyElementsOf(own);
  }

  @Test
  void noTwoProcessesGiveTheSamePortOfABox() throws Exception {
    List<Integer> own = ofBoxes();

    assertThat(own).doesNotHaveDuplicates();
    assertThat(ofAnotherProcess(OfBoxes.class)).hasSize(COUNT).doesNotContainAnyElementsOf(own);
  }

  private static List<Integer> ofAnotherProcess(Class<?> printing) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                printing.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return printed.lines().map(Integer::valueOf).toList();
    } finally {
      process.destroyForcibly();
    }
  }

  /** None is held on return, as when their services are away. */
  private static List<Integer> ofBoxes() throws IOException {
    List<Integer> ports = new ArrayList<>();
    while (ports.size() < COUNT) {
      try (HeldPorts held = new HeldPorts(new SplittableRandom(1))) {
        for (int i = 0; i < 5; i++) {
          ports.add(held.hold());
        }
      }
    }
    return ports;
  }

  /** The process of the first test. */
  static final class OfTests {
    public static void main(String[] arguments) throws IOException {
      FreePorts.several(COUNT).forEach(System.out::println);
    }
  }

  /** The process of the second. */
  static final class OfBoxes {
    public static void main(String[] arguments) throws IOException {
      ofBoxes().forEach(System.out::println);
    }
  }
}
