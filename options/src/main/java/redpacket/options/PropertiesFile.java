package redpacket.options;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import picocli.CommandLine.TypeConversionException;

/** The content of a properties file. It is read while the command line is parsed, so that errors come first. */
record PropertiesFile(Map<String, String> settings) {
    static final PropertiesFile NONE = new PropertiesFile(Map.of());

    /**
     * Reads a file in UTF-8.
     *
     * @throws TypeConversionException if the file cannot be read; the message contains its name, and none of its values
     */
    static PropertiesFile read(String file) {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file))) {
            properties.load(reader);
        } catch (NoSuchFileException e) {
            throw new TypeConversionException("file '" + file + "' does not exist");
        } catch (InvalidPathException e) {
            throw new TypeConversionException("'" + file + "' cannot be the name of a file");
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new TypeConversionException("file '" + file + "' is not a properties file in UTF-8");
        } catch (IOException e) {
            throw new TypeConversionException("file '" + file + "' cannot be read"
                    + (Files.isDirectory(Path.of(file)) ? ": it is a folder" : ""));
        }
        return new PropertiesFile(properties.stringPropertyNames().stream()
                .collect(Collectors.toUnmodifiableMap(name -> name, properties::getProperty)));
    }

    /** Without the values, which may be secret. */
    @Override
    public String toString() {
        return "settings " + settings.keySet();
    }
}
