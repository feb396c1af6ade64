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

/** A properties file, read at once, so that a wrong name is found before anything else happens. */
record PropertiesFile(Map<String, String> settings) {
    static final PropertiesFile NONE = new PropertiesFile(Map.of());

    /**
     * Reads a file in UTF-8.
     *
     * @throws TypeConversionException if that is impossible; the message names the file, and no value in it
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

    /** Without the values: they may be secret. */
    @Override
    public String toString() {
        return "settings " + settings.keySet();
    }
}
