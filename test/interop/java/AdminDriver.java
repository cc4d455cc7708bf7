// Runs commands of Apache's mqadmin one after the other in one JVM: a JSON array of words a line on
// stdin, one JSON object {"out": ..., "err": ...} a line on stdout. A command that ends the process
// by itself only ends its line.

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.security.Permission;
import java.util.List;
import org.apache.rocketmq.tools.command.MQAdminStartup;

@SuppressWarnings("removal")  // nothing else keeps a command from ending the JVM
public final class AdminDriver {
  private static final class Exit extends SecurityException {
    Exit(int code) {
      super("exit " + code);
    }
  }

  private static final class NoExit extends SecurityManager {
    @Override public void checkPermission(Permission permission) {}

    @Override public void checkExit(int code) {
      throw new Exit(code);
    }
  }

  public static void main(String[] arguments) throws Exception {
    Gson gson = new Gson();
    PrintStream answers = new PrintStream(new FileOutputStream(FileDescriptor.out), true);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    System.setSecurityManager(new NoExit());
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      answers.println(gson.toJson(run(gson.fromJson(line, String[].class))));
    }
    Runtime.getRuntime().halt(0);
  }

  // Commands keep clients that they have shut down: each run gets new ones.
  private static void forgetCommands() throws Exception {
    Field commands = MQAdminStartup.class.getDeclaredField("SUB_COMMANDS");
    commands.setAccessible(true);
    ((List<?>) commands.get(null)).clear();
  }

  private static JsonObject run(String[] words) throws Exception {
    forgetCommands();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream screen = new PrintStream(out, true, "UTF-8");
    PrintStream trouble = new PrintStream(err, true, "UTF-8");
    System.setOut(screen);
    System.setErr(trouble);
    try {
      MQAdminStartup.main0(words, null);
    } catch (Exit exit) {
      trouble.println(exit.getMessage());
    }
    screen.flush();
    trouble.flush();
    JsonObject answer = new JsonObject();
    answer.addProperty("out", out.toString("UTF-8"));
    answer.addProperty("err", err.toString("UTF-8"));
    return answer;
  }
}
