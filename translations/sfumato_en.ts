<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name>FileText</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <comment>a list</comment>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n layer(s) of it change %2</source>
        <comment>of a LoRA; %2: a model</comment>
        <translation>
            <numerusform>%1 of %n layer of it changes %2</numerusform>
            <numerusform>%1 of %n layers of it change %2</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>GenerateTexts</name>
    <message numerus="yes">
        <source>runs %1 of %n step(s)</source>
        <comment>below the strength</comment>
        <translation>
            <numerusform>runs %1 of %n step</numerusform>
            <numerusform>runs %1 of %n steps</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n pixel(s) changed outside the mask</source>
        <comment>the seal of a variation</comment>
        <translation>
            <numerusform>%n pixel changed outside the mask</numerusform>
            <numerusform>%n pixels changed outside the mask</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LoraTexts</name>
    <message numerus="yes">
        <source>%1 of %n layer(s) applied</source>
        <comment>of a LoRA</comment>
        <translation>
            <numerusform>%1 of %n layer applied</numerusform>
            <numerusform>%1 of %n layers applied</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoticeText</name>
    <message numerus="yes">
        <source>%n variation(s) left the strip to make room in memory.</source>
        <comment>oldest first</comment>
        <translation>
            <numerusform>%n variation left the strip to make room in memory.</numerusform>
            <numerusform>%n variations left the strip to make room in memory.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A result changed %n pixel(s) outside the mask. That is a fault of the program; the result was put aside.</source>
        <translation>
            <numerusform>A result changed %n pixel outside the mask. That is a fault of the program; the result was put aside.</numerusform>
            <numerusform>A result changed %n pixels outside the mask. That is a fault of the program; the result was put aside.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sfumato::ui::AdvancedSettings</name>
    <message numerus="yes">
        <source>%1, %n on</source>
        <comment>program and how many options</comment>
        <translation>
            <numerusform>%1, %n on</numerusform>
            <numerusform>%1, %n on</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ControlPanel</name>
    <message numerus="yes">
        <source>%n in use</source>
        <translation>
            <numerusform>%n in use</numerusform>
            <numerusform>%n in use</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LoraBrowser</name>
    <message numerus="yes">
        <source>%n LoRA(s)</source>
        <comment>files that match</comment>
        <translation>
            <numerusform>%n LoRA</numerusform>
            <numerusform>%n LoRAs</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n LoRA(s) match, all made for another base model.</source>
        <translation>
            <numerusform>%n LoRA matches, made for another base model.</numerusform>
            <numerusform>%n LoRAs match, all made for another base model.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sfumato::ui::SamplerSettings</name>
    <message numerus="yes">
        <source>%1, %n step(s)</source>
        <comment>sampler and steps</comment>
        <translation>
            <numerusform>%1, %n step</numerusform>
            <numerusform>%1, %n steps</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sfumato::ui::StatusLine</name>
    <message numerus="yes">
        <source>%n run(s)</source>
        <comment>waiting or running</comment>
        <translation>
            <numerusform>%n run</numerusform>
            <numerusform>%n runs</numerusform>
        </translation>
    </message>
</context>
</TS>
