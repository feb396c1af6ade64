package com.example.redpackets;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** A service of which an app asks for packets and grabs. It pays what its users win. */
@SpringBootApplication
public class RedPacketsApplication {
    public static void main(String[] arguments) {
        SpringApplication.run(RedPacketsApplication.class, arguments);
    }
}
