<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Sfumato</source>
        <translation>Über Sfumato</translation>
    </message>
    <message>
        <source>Version %1</source>
        <translation>Version %1</translation>
    </message>
    <message>
        <source>A picture editor that repaints what you paint over, with Stable Diffusion XL on this computer. Nothing leaves it.</source>
        <translation>Ein Bildeditor, der neu malt, was Sie übermalen – mit Stable Diffusion XL auf diesem Rechner. Nichts verlässt ihn.</translation>
    </message>
    <message>
        <source>Licensed under the Apache License 2.0. Made with Qt, PyTorch, OpenCV, libavif, Little CMS, libexif and other free software.</source>
        <translation>Lizenziert unter der Apache-Lizenz 2.0. Entstanden mit Qt, PyTorch, OpenCV, libavif, Little CMS, libexif und weiterer freier Software.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>Action</name>
    <message>
        <source>Open a picture first.</source>
        <translation>Öffnen Sie zuerst ein Bild.</translation>
    </message>
    <message>
        <source>Nothing is painted yet.</source>
        <translation>Noch ist nichts übermalt.</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Es gibt nichts rückgängig zu machen.</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Es gibt nichts zu wiederholen.</translation>
    </message>
    <message>
        <source>The button says what is missing.</source>
        <translation>Auf der Schaltfläche steht, was fehlt.</translation>
    </message>
    <message>
        <source>Nothing is running.</source>
        <translation>Es läuft nichts.</translation>
    </message>
    <message>
        <source>There are no variations yet.</source>
        <translation>Noch gibt es keine Varianten.</translation>
    </message>
    <message>
        <source>Choose a finished variation first.</source>
        <translation>Wählen Sie zuerst eine fertige Variante.</translation>
    </message>
    <message>
        <source>Nothing was generated yet.</source>
        <translation>Noch wurde nichts erzeugt.</translation>
    </message>
    <message>
        <source>Show variation</source>
        <translation>Variante zeigen</translation>
    </message>
    <message>
        <source>Show this variation of the strip in place.</source>
        <translation>Diese Variante aus der Leiste im Bild zeigen.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open a picture: PNG, JPEG, WebP, GIF or AVIF.</source>
        <translation>Ein Bild öffnen: PNG, JPEG, WebP, GIF oder AVIF.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Write the picture as PNG or JPEG.</source>
        <translation>Das Bild als PNG oder JPEG schreiben.</translation>
    </message>
    <message>
        <source>Save as job file</source>
        <translation>Als Auftragsdatei sichern</translation>
    </message>
    <message>
        <source>Save prompt, settings, picture and mask so that the command line makes the same pixels.</source>
        <translation>Prompt, Einstellungen, Bild und Maske sichern, damit die Befehlszeile dieselben Pixel erzeugt.</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Leave the program.</source>
        <translation>Das Programm verlassen.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Take the last step back.</source>
        <translation>Den letzten Schritt zurücknehmen.</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Do the step again that was taken back.</source>
        <translation>Den zurückgenommenen Schritt wieder ausführen.</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Put the whole picture on the clipboard.</source>
        <translation>Das ganze Bild in die Zwischenablage legen.</translation>
    </message>
    <message>
        <source>Paste as new picture</source>
        <translation>Als neues Bild einfügen</translation>
    </message>
    <message>
        <source>Open the picture on the clipboard.</source>
        <translation>Das Bild aus der Zwischenablage öffnen.</translation>
    </message>
    <message>
        <source>Paint everything</source>
        <translation>Alles übermalen</translation>
    </message>
    <message>
        <source>Let the whole picture change.</source>
        <translation>Das ganze Bild darf sich ändern.</translation>
    </message>
    <message>
        <source>Clear mask</source>
        <translation>Maske leeren</translation>
    </message>
    <message>
        <source>Take all paint away. The whole picture may change then.</source>
        <translation>Alles Übermalte entfernen. Danach darf sich das ganze Bild ändern.</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Exchange painted and unpainted.</source>
        <translation>Übermaltes und Unberührtes vertauschen.</translation>
    </message>
    <message>
        <source>Next mask view</source>
        <translation>Nächste Maskenansicht</translation>
    </message>
    <message>
        <source>Show the mask as tint, as outline or alone.</source>
        <translation>Die Maske als Tönung, als Umriss oder allein zeigen.</translation>
    </message>
    <message>
        <source>Generate</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>Make variations of the painted area, or a picture.</source>
        <translation>Varianten der übermalten Stelle oder ein Bild erzeugen.</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop the current run; twice within a second stops all. Finished variations stay.</source>
        <translation>Den laufenden Durchgang anhalten; zweimal in einer Sekunde hält alle an. Fertige Varianten bleiben.</translation>
    </message>
    <message>
        <source>Stop all runs</source>
        <translation>Alle Durchgänge anhalten</translation>
    </message>
    <message>
        <source>Stop the current run and those that wait.</source>
        <translation>Den laufenden Durchgang und alle wartenden anhalten.</translation>
    </message>
    <message>
        <source>Retry</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>The same settings with new seeds; the results are added to the strip.</source>
        <translation>Dieselben Einstellungen mit neuen Startwerten; die Ergebnisse kommen in der Leiste hinzu.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Put the shown variation on the picture, as one undo step.</source>
        <translation>Die gezeigte Variante ins Bild übernehmen, als ein einziger Schritt.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Drop the shown variation from the strip.</source>
        <translation>Die gezeigte Variante aus der Leiste nehmen.</translation>
    </message>
    <message>
        <source>Discard the others</source>
        <translation>Die anderen verwerfen</translation>
    </message>
    <message>
        <source>Drop every variation but the shown one.</source>
        <translation>Alle Varianten außer der gezeigten entfernen.</translation>
    </message>
    <message>
        <source>Previous variation</source>
        <translation>Vorige Variante</translation>
    </message>
    <message>
        <source>Flip back through original and variations.</source>
        <translation>Durch Original und Varianten zurückblättern.</translation>
    </message>
    <message>
        <source>Next variation</source>
        <translation>Nächste Variante</translation>
    </message>
    <message>
        <source>Flip on through original and variations.</source>
        <translation>Durch Original und Varianten weiterblättern.</translation>
    </message>
    <message>
        <source>New seed</source>
        <translation>Neuer Startwert</translation>
    </message>
    <message>
        <source>Roll a new seed and keep it.</source>
        <translation>Einen neuen Startwert würfeln und festhalten.</translation>
    </message>
    <message>
        <source>Keep the seed</source>
        <translation>Startwert festhalten</translation>
    </message>
    <message>
        <source>Use the same seed for each run, or a new one each time.</source>
        <translation>Für jeden Durchgang denselben Startwert nehmen oder jedes Mal einen neuen.</translation>
    </message>
    <message>
        <source>Preview while running</source>
        <translation>Vorschau während des Durchgangs</translation>
    </message>
    <message>
        <source>Show each step in place while a run is on.</source>
        <translation>Während des Durchgangs jeden Schritt im Bild zeigen.</translation>
    </message>
    <message>
        <source>Mask brush</source>
        <translation>Maskenpinsel</translation>
    </message>
    <message>
        <source>Paint where the picture may change. The right button erases.</source>
        <translation>Übermalen, wo das Bild sich ändern darf. Die rechte Taste radiert.</translation>
    </message>
    <message>
        <source>Mask eraser</source>
        <translation>Maskenradierer</translation>
    </message>
    <message>
        <source>Take paint away. The right button paints.</source>
        <translation>Übermaltes wegnehmen. Die rechte Taste malt.</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Verschieben</translation>
    </message>
    <message>
        <source>Move the picture. Holding Space does the same with any tool.</source>
        <translation>Das Bild verschieben. Mit gehaltener Leertaste geht das in jedem Werkzeug.</translation>
    </message>
    <message>
        <source>Zoom</source>
        <translation>Zoom</translation>
    </message>
    <message>
        <source>Click to zoom in, with the right button out; drag sideways to zoom freely.</source>
        <translation>Klicken vergrößert, mit der rechten Taste verkleinert; seitlich ziehen zoomt stufenlos.</translation>
    </message>
    <message>
        <source>Swap brush and eraser</source>
        <translation>Pinsel und Radierer tauschen</translation>
    </message>
    <message>
        <source>Change between painting and erasing.</source>
        <translation>Zwischen Malen und Radieren wechseln.</translation>
    </message>
    <message>
        <source>Smaller brush</source>
        <translation>Kleinerer Pinsel</translation>
    </message>
    <message>
        <source>Make the brush smaller.</source>
        <translation>Den Pinsel verkleinern.</translation>
    </message>
    <message>
        <source>Larger brush</source>
        <translation>Größerer Pinsel</translation>
    </message>
    <message>
        <source>Make the brush larger.</source>
        <translation>Den Pinsel vergrößern.</translation>
    </message>
    <message>
        <source>Softer brush</source>
        <translation>Weicherer Pinsel</translation>
    </message>
    <message>
        <source>Make the brush&apos;s edge softer.</source>
        <translation>Den Rand des Pinsels weicher machen.</translation>
    </message>
    <message>
        <source>Harder brush</source>
        <translation>Härterer Pinsel</translation>
    </message>
    <message>
        <source>Make the brush&apos;s edge harder.</source>
        <translation>Den Rand des Pinsels härter machen.</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <source>Show the picture larger.</source>
        <translation>Das Bild größer zeigen.</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Show the picture smaller.</source>
        <translation>Das Bild kleiner zeigen.</translation>
    </message>
    <message>
        <source>Fit picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>Show the whole picture.</source>
        <translation>Das ganze Bild zeigen.</translation>
    </message>
    <message>
        <source>Actual pixels</source>
        <translation>Originalpixel</translation>
    </message>
    <message>
        <source>One pixel of the picture on one of the screen.</source>
        <translation>Ein Bildpixel auf einem Bildschirmpixel.</translation>
    </message>
    <message>
        <source>Fit painted area</source>
        <translation>Übermalte Stelle</translation>
    </message>
    <message>
        <source>Show the painted area as large as possible.</source>
        <translation>Die übermalte Stelle so groß wie möglich zeigen.</translation>
    </message>
    <message>
        <source>Canvas only</source>
        <translation>Nur das Bild</translation>
    </message>
    <message>
        <source>Hide everything but the canvas, or show it again.</source>
        <translation>Alles außer dem Bild ausblenden oder wieder zeigen.</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Use the whole screen.</source>
        <translation>Den ganzen Bildschirm nutzen.</translation>
    </message>
    <message>
        <source>Dark appearance</source>
        <translation>Dunkle Oberfläche</translation>
    </message>
    <message>
        <source>Dark or light surroundings for the picture.</source>
        <translation>Dunkle oder helle Umgebung für das Bild.</translation>
    </message>
    <message>
        <source>Next part of the window</source>
        <translation>Nächster Fensterbereich</translation>
    </message>
    <message>
        <source>Give the keyboard to canvas, settings or variations in turn.</source>
        <translation>Die Tastatur reihum an Bild, Einstellungen und Varianten geben.</translation>
    </message>
    <message>
        <source>Go to the prompt</source>
        <translation>Zum Prompt</translation>
    </message>
    <message>
        <source>Give the keyboard to the prompt.</source>
        <translation>Die Tastatur dem Prompt geben.</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Show every key.</source>
        <translation>Alle Tasten zeigen.</translation>
    </message>
    <message>
        <source>Find a command</source>
        <translation>Befehl suchen</translation>
    </message>
    <message>
        <source>Search every action by name and run it.</source>
        <translation>Jeden Befehl nach Namen suchen und ausführen.</translation>
    </message>
    <message>
        <source>About Sfumato</source>
        <translation>Über Sfumato</translation>
    </message>
    <message>
        <source>Version, licence and what the program is made of.</source>
        <translation>Version, Lizenz und woraus das Programm besteht.</translation>
    </message>
    <message>
        <source>Choose a LoRA in the browser first.</source>
        <translation>Wähle zuerst ein LoRA in der Liste.</translation>
    </message>
    <message>
        <source>No LoRA is in use.</source>
        <translation>Es ist kein LoRA in Gebrauch.</translation>
    </message>
    <message>
        <source>Find a LoRA</source>
        <translation>LoRA suchen</translation>
    </message>
    <message>
        <source>Show the LoRA browser and search it.</source>
        <translation>Die LoRA-Liste zeigen und darin suchen.</translation>
    </message>
    <message>
        <source>Use LoRA</source>
        <translation>LoRA verwenden</translation>
    </message>
    <message>
        <source>Put the chosen LoRA on the stack, at its preferred weight.</source>
        <translation>Das gewählte LoRA auf den Stapel legen, mit seinem bevorzugten Gewicht.</translation>
    </message>
    <message>
        <source>Insert trigger words</source>
        <translation>Auslösewörter einfügen</translation>
    </message>
    <message>
        <source>Put the trigger words of the chosen LoRA into the prompt.</source>
        <translation>Die Auslösewörter des gewählten LoRA in den Prompt schreiben.</translation>
    </message>
    <message>
        <source>Compare weights</source>
        <translation>Gewichte vergleichen</translation>
    </message>
    <message>
        <source>The present settings with one seed, without the LoRA and at weights 0.4, 0.8, 1 and 1.2.</source>
        <translation>Die jetzigen Einstellungen mit einem Startwert, ohne das LoRA und mit den Gewichten 0,4, 0,8, 1 und 1,2.</translation>
    </message>
    <message>
        <source>Only this LoRA</source>
        <translation>Nur dieses LoRA</translation>
    </message>
    <message>
        <source>Switch the other LoRAs off, or back to how they were.</source>
        <translation>Die anderen LoRAs ausschalten, oder zurück wie sie waren.</translation>
    </message>
    <message>
        <source>Move LoRA up</source>
        <translation>LoRA nach oben</translation>
    </message>
    <message>
        <source>Let it work earlier.</source>
        <translation>Es früher wirken lassen.</translation>
    </message>
    <message>
        <source>Move LoRA down</source>
        <translation>LoRA nach unten</translation>
    </message>
    <message>
        <source>Let it work later.</source>
        <translation>Es später wirken lassen.</translation>
    </message>
    <message>
        <source>Remove LoRA</source>
        <translation>LoRA entfernen</translation>
    </message>
    <message>
        <source>Take the LoRA out of the stack; its trigger words leave the prompt with it.</source>
        <translation>Das LoRA vom Stapel nehmen; seine Auslösewörter verlassen den Prompt mit ihm.</translation>
    </message>
    <message>
        <source>Star LoRA</source>
        <translation>LoRA mit Stern</translation>
    </message>
    <message>
        <source>Give the chosen LoRA a star, or take it away.</source>
        <translation>Dem gewählten LoRA einen Stern geben oder nehmen.</translation>
    </message>
    <message>
        <source>Use variation as its picture</source>
        <translation>Variante als sein Bild nehmen</translation>
    </message>
    <message>
        <source>Keep the shown variation beside the LoRA as its preview picture.</source>
        <translation>Die gezeigte Variante als Vorschaubild neben das LoRA legen.</translation>
    </message>
    <message>
        <source>Note, trigger words, weight</source>
        <translation>Notiz, Auslösewörter, Gewicht</translation>
    </message>
    <message>
        <source>Write down what is worth knowing about the chosen LoRA.</source>
        <translation>Aufschreiben, was man über das gewählte LoRA wissen sollte.</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>Seinen Ordner zeigen</translation>
    </message>
    <message>
        <source>Open the folder the chosen LoRA lies in.</source>
        <translation>Den Ordner öffnen, in dem das gewählte LoRA liegt.</translation>
    </message>
    <message>
        <source>Add LoRA folder</source>
        <translation>LoRA-Ordner hinzufügen</translation>
    </message>
    <message>
        <source>Watch one more folder for LoRAs; those of other programs are recognised.</source>
        <translation>Einen weiteren Ordner nach LoRAs durchsuchen; die anderer Programme werden erkannt.</translation>
    </message>
    <message>
        <source>Look for new LoRAs</source>
        <translation>Nach neuen LoRAs suchen</translation>
    </message>
    <message>
        <source>Read the LoRA folders again.</source>
        <translation>Die LoRA-Ordner neu lesen.</translation>
    </message>
    <message>
        <source>About the model</source>
        <translation>Über das Modell</translation>
    </message>
    <message>
        <source>Kind, parts, precision and hashes of the model in use.</source>
        <translation>Art, Teile, Genauigkeit und Prüfsummen des benutzten Modells.</translation>
    </message>
    <message>
        <source>About this file</source>
        <translation>Über diese Datei</translation>
    </message>
    <message>
        <source>Kind, base, layers, tags and hashes of the chosen LoRA.</source>
        <translation>Art, Basis, Schichten, Tags und Prüfsummen des gewählten LoRAs.</translation>
    </message>
    <message>
        <source>Show similar LoRAs</source>
        <translation>Ähnliche LoRAs zeigen</translation>
    </message>
    <message>
        <source>Show the LoRAs whose tags are like those of the chosen one, the most alike first.</source>
        <translation>Die LoRAs zeigen, deren Tags denen des gewählten gleichen, die ähnlichsten zuerst.</translation>
    </message>
    <message>
        <source>Show hidden variation</source>
        <translation>Verborgene Variante zeigen</translation>
    </message>
    <message>
        <source>Show the chosen variation although the safety filter hides it.</source>
        <translation>Die gewählte Variante zeigen, obwohl der Sicherheitsfilter sie verbirgt.</translation>
    </message>
    <message>
        <source>Safety filter</source>
        <translation>Sicherheitsfilter</translation>
    </message>
    <message>
        <source>Hide results that a safety checker in the models folder flags. Nothing is deleted.</source>
        <translation>Ergebnisse verbergen, die eine Sicherheitsprüfung aus dem Modellordner meldet. Gelöscht wird nichts.</translation>
    </message>
    <message>
        <source>A prompt is needed, and a model that expands prompts; the button beside the prompt says where it is looked for.</source>
        <translation>Es braucht einen Prompt und ein Modell, das Prompts erweitert; der Knopf neben dem Prompt sagt, wo es gesucht wird.</translation>
    </message>
    <message>
        <source>Expand prompt</source>
        <translation>Prompt erweitern</translation>
    </message>
    <message>
        <source>Let a language model add to the prompt; you see it before it is used.</source>
        <translation>Ein Sprachmodell den Prompt ergänzen lassen; Sie sehen es, bevor es benutzt wird.</translation>
    </message>
    <message>
        <source>Folder for prompt expansion</source>
        <translation>Ordner für die Prompt-Erweiterung</translation>
    </message>
    <message>
        <source>Choose where the model lies that expands prompts: a GPT-2 model in the layout of transformers.</source>
        <translation>Wählen, wo das Modell liegt, das Prompts erweitert: ein GPT-2-Modell in der Anordnung von transformers.</translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>A picture editor that repaints what you paint over.</source>
        <translation>Ein Bildeditor, der neu malt, was Sie übermalen.</translation>
    </message>
    <message>
        <source>Use this model: a .safetensors file or a diffusers folder.</source>
        <translation>Dieses Modell benutzen: eine .safetensors-Datei oder ein diffusers-Ordner.</translation>
    </message>
    <message>
        <source>The picture to open.</source>
        <translation>Das Bild, das geöffnet wird.</translation>
    </message>
</context>
<context>
    <name>ControlTexts</name>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>%1 lässt sich nicht lesen: %2</translation>
    </message>
    <message>
        <source>%1 is %2, no control model, so it is not used. Choose a ControlNet, a T2I-Adapter or an IP-Adapter.</source>
        <translation>%1 ist %2 und kein Steuermodell, daher wird es nicht verwendet. Wählen Sie ein ControlNet, einen T2I-Adapter oder einen IP-Adapter.</translation>
    </message>
    <message>
        <source>Pose</source>
        <translation>Pose</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>Tiefe</translation>
    </message>
    <message>
        <source>Soft edges, scribble</source>
        <translation>Weiche Kanten, Skizze</translation>
    </message>
    <message>
        <source>Lines</source>
        <translation>Linien</translation>
    </message>
    <message>
        <source>Normals</source>
        <translation>Normalen</translation>
    </message>
    <message>
        <source>Segments</source>
        <translation>Segmente</translation>
    </message>
    <message>
        <source>Tile</source>
        <translation>Kachel</translation>
    </message>
    <message>
        <source>Inpaint</source>
        <translation>Ausbessern</translation>
    </message>
    <message>
        <source>Reference</source>
        <translation>Vorbild</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Wie es ist</translation>
    </message>
    <message>
        <source>Canny edges</source>
        <translation>Canny-Kanten</translation>
    </message>
    <message>
        <source>Soft edges</source>
        <translation>Weiche Kanten</translation>
    </message>
    <message>
        <source>Line art</source>
        <translation>Strichzeichnung</translation>
    </message>
    <message>
        <source>Scribble</source>
        <translation>Skizze</translation>
    </message>
    <message>
        <source>Scribble from a drawing</source>
        <translation>Skizze aus Zeichnung</translation>
    </message>
    <message>
        <source>Blur</source>
        <translation>Unschärfe</translation>
    </message>
    <message>
        <source>Grey by luminance</source>
        <translation>Grau nach Helligkeit</translation>
    </message>
    <message>
        <source>Grey by intensity</source>
        <translation>Grau nach Stärke</translation>
    </message>
    <message>
        <source>Colour grid</source>
        <translation>Farbraster</translation>
    </message>
    <message>
        <source>Flat segments</source>
        <translation>Flächige Segmente</translation>
    </message>
    <message>
        <source>Invert</source>
        <translation>Umkehren</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>Schwelle</translation>
    </message>
    <message>
        <source>The picture is already what the model should see: a pose, depth or normal map, or lines drawn in white on black.</source>
        <translation>Das Bild ist schon das, was das Modell sehen soll: eine Posen-, Tiefen- oder Normalenkarte oder weiße Linien auf Schwarz.</translation>
    </message>
    <message>
        <source>Thin white lines where colours change sharply.</source>
        <translation>Dünne weiße Linien, wo sich Farben scharf ändern.</translation>
    </message>
    <message>
        <source>Broad soft edges, found by contrast at three scales.</source>
        <translation>Breite weiche Kanten, nach Kontrast in drei Größenstufen gefunden.</translation>
    </message>
    <message>
        <source>What is darker than its surroundings, as white lines.</source>
        <translation>Was dunkler ist als seine Umgebung, als weiße Linien.</translation>
    </message>
    <message>
        <source>Broad white strokes along dark contours.</source>
        <translation>Breite weiße Striche entlang dunkler Umrisse.</translation>
    </message>
    <message>
        <source>White where a drawing on light paper is dark.</source>
        <translation>Weiß, wo eine Zeichnung auf hellem Papier dunkel ist.</translation>
    </message>
    <message>
        <source>The picture with less detail, to be painted anew in place.</source>
        <translation>Das Bild mit weniger Einzelheiten, um an Ort und Stelle neu gemalt zu werden.</translation>
    </message>
    <message>
        <source>The picture out of focus.</source>
        <translation>Das Bild unscharf.</translation>
    </message>
    <message>
        <source>The picture in grey by perceived lightness, for new colours.</source>
        <translation>Das Bild in Grau nach empfundener Helligkeit, für neue Farben.</translation>
    </message>
    <message>
        <source>The picture in grey by its strongest colour, for new colours.</source>
        <translation>Das Bild in Grau nach seiner stärksten Farbe, für neue Farben.</translation>
    </message>
    <message>
        <source>Squares of one colour each: only the colours are kept.</source>
        <translation>Quadrate mit je einer Farbe: Nur die Farben bleiben.</translation>
    </message>
    <message>
        <source>Regions of one flat colour each.</source>
        <translation>Bereiche mit je einer einheitlichen Farbe.</translation>
    </message>
    <message>
        <source>Black lines on white become white lines on black.</source>
        <translation>Aus schwarzen Linien auf Weiß werden weiße auf Schwarz.</translation>
    </message>
    <message>
        <source>White where the picture is light, black elsewhere.</source>
        <translation>Weiß, wo das Bild hell ist, sonst schwarz.</translation>
    </message>
    <message>
        <source>Lower threshold</source>
        <translation>Untere Schwelle</translation>
    </message>
    <message>
        <source>Upper threshold</source>
        <translation>Obere Schwelle</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>Strength of edges</source>
        <translation>Kantenstärke</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Stufe</translation>
    </message>
    <message>
        <source>Reduce by</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <source>Gamma</source>
        <translation>Gamma</translation>
    </message>
    <message>
        <source>Square</source>
        <translation>Quadrat</translation>
    </message>
    <message>
        <source>Colours apart</source>
        <translation>Farbabstand</translation>
    </message>
    <message>
        <source>Smallest region</source>
        <translation>Kleinster Bereich</translation>
    </message>
    <message>
        <source>no control model</source>
        <translation>kein Steuermodell</translation>
    </message>
    <message>
        <source>Choose a control model for this row. It is not used until then.</source>
        <translation>Wählen Sie ein Steuermodell für diese Zeile. Bis dahin wird sie nicht verwendet.</translation>
    </message>
    <message>
        <source>%1 is not where it was, so it is not used. Choose the file again.</source>
        <translation>%1 ist nicht mehr an seinem Ort und wird daher nicht verwendet. Wählen Sie die Datei neu.</translation>
    </message>
    <message>
        <source>%1 was made for %2 and cannot work with this %3 model. It is left out.</source>
        <translation>%1 wurde für %2 gemacht und kann mit diesem %3-Modell nicht arbeiten. Es bleibt außen vor.</translation>
    </message>
    <message>
        <source>%1 does not know “%2”. Choose what else the picture shows.</source>
        <translation>%1 kennt „%2“ nicht. Wählen Sie, was das Bild sonst zeigt.</translation>
    </message>
    <message>
        <source>Choose the picture that leads it. It is not used until then.</source>
        <translation>Wählen Sie das Bild, das führen soll. Bis dahin wird die Zeile nicht verwendet.</translation>
    </message>
    <message>
        <source>The picture %1 is not where it was, so it is not used. Choose it again.</source>
        <translation>Das Bild %1 ist nicht mehr an seinem Ort und wird daher nicht verwendet. Wählen Sie es neu.</translation>
    </message>
    <message>
        <source>There is no picture on the canvas yet. Open one, or choose a file.</source>
        <translation>Auf der Leinwand ist noch kein Bild. Öffnen Sie eines oder wählen Sie eine Datei.</translation>
    </message>
</context>
<context>
    <name>FaultText</name>
    <message>
        <source>%1 is cut short: %2 of %3 %4 of its header are there; it may still be downloading.</source>
        <translation>%1 ist abgeschnitten: %2 von %3 %4 des Kopfes sind da; vielleicht wird die Datei noch heruntergeladen.</translation>
    </message>
    <message>
        <source>%1 is cut short: %2 of %3 %4 are there; it may still be downloading.</source>
        <translation>%1 ist abgeschnitten: %2 von %3 %4 sind da; vielleicht wird die Datei noch heruntergeladen.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has %2 bytes after its last tensor.</source>
        <translation>%1 ist beschädigt: Nach dem letzten Tensor stehen noch %2 Byte.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has a header that is not valid JSON (%2).</source>
        <translation>%1 ist beschädigt: Der Kopf ist kein gültiges JSON (%2).</translation>
    </message>
    <message>
        <source>%1 is damaged: it has a header that is not valid JSON.</source>
        <translation>%1 ist beschädigt: Der Kopf ist kein gültiges JSON.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has a header that is no JSON object.</source>
        <translation>%1 ist beschädigt: Der Kopf ist kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has a header full of members that the format does not define.</source>
        <translation>%1 ist beschädigt: Der Kopf ist voller Einträge, die das Format nicht kennt.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has two __metadata__ sections.</source>
        <translation>%1 ist beschädigt: Der Abschnitt __metadata__ steht zweimal darin.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has a __metadata__ section that is no JSON object.</source>
        <translation>%1 ist beschädigt: Der Abschnitt __metadata__ ist kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has metadata other than text.</source>
        <translation>%1 ist beschädigt: Die Metadaten sind nicht nur Text.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has more metadata than any model needs.</source>
        <translation>%1 ist beschädigt: Es sind mehr Metadaten darin, als ein Modell braucht.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has the same metadata key twice.</source>
        <translation>%1 ist beschädigt: Ein Schlüssel der Metadaten steht zweimal darin.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has more than %2 tensors.</source>
        <translation>%1 ist beschädigt: Es sind mehr als %2 Tensoren darin.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has a tensor name of %2 bytes; at most %3 are allowed.</source>
        <translation>%1 ist beschädigt: Der Name eines Tensors hat %2 Byte; erlaubt sind höchstens %3.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 is not described by a JSON object.</source>
        <translation>%1 ist beschädigt: Tensor %2 ist nicht durch ein JSON-Objekt beschrieben.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has its %3 twice.</source>
        <translation>%1 ist beschädigt: Tensor %2 nennt %3 zweimal.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has no dtype.</source>
        <translation>%1 ist beschädigt: Tensor %2 hat keinen dtype.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has no shape.</source>
        <translation>%1 ist beschädigt: Tensor %2 hat keine Form (shape).</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has no data_offsets.</source>
        <translation>%1 ist beschädigt: Tensor %2 hat keine data_offsets.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has a dtype that is no text.</source>
        <translation>%1 ist beschädigt: Der dtype von Tensor %2 ist kein Text.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has the unknown dtype %3.</source>
        <translation>%1 ist beschädigt: Tensor %2 hat den unbekannten dtype %3.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has a shape that is no list.</source>
        <translation>%1 ist beschädigt: Die Form (shape) von Tensor %2 ist keine Liste.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has a shape with something else than whole numbers from 0 on.</source>
        <translation>%1 ist beschädigt: In der Form (shape) von Tensor %2 steht anderes als ganze Zahlen ab 0.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has more than %3 dimensions.</source>
        <translation>%1 ist beschädigt: Tensor %2 hat mehr als %3 Dimensionen.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has data_offsets that are not two whole numbers from 0 on.</source>
        <translation>%1 ist beschädigt: Die data_offsets von Tensor %2 sind nicht zwei ganze Zahlen ab 0.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 ends before it begins.</source>
        <translation>%1 ist beschädigt: Tensor %2 endet, bevor er beginnt.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 leaves a hole of %3 bytes before it.</source>
        <translation>%1 ist beschädigt: Vor Tensor %2 klafft eine Lücke von %3 Byte.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 overlaps the one before it.</source>
        <translation>%1 ist beschädigt: Tensor %2 überlappt den davor.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has a shape whose size is no number of bytes that a file can have.</source>
        <translation>%1 ist beschädigt: Die Form (shape) von Tensor %2 ergibt keine Größe, die eine Datei haben kann.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 has %3 bytes where its shape and dtype need %4.</source>
        <translation>%1 ist beschädigt: Tensor %2 hat %3 Byte, Form (shape) und dtype brauchen aber %4.</translation>
    </message>
    <message>
        <source>%1 is damaged: tensor %2 is there twice.</source>
        <translation>%1 ist beschädigt: Tensor %2 ist zweimal da.</translation>
    </message>
    <message>
        <source>%1 is not a safetensors file: its header claims %2 bytes; at most %3 are allowed.</source>
        <translation>%1 ist keine safetensors-Datei: Der Kopf soll %2 Byte haben; erlaubt sind höchstens %3.</translation>
    </message>
    <message>
        <source>%1 is not a safetensors file: its header is no JSON object.</source>
        <translation>%1 ist keine safetensors-Datei: Der Kopf ist kein JSON-Objekt.</translation>
    </message>
    <message>
        <source>%1 is damaged: it has %2 bytes; a safetensors file has at least 8.</source>
        <translation>%1 ist beschädigt: Die Datei hat %2 Byte; eine safetensors-Datei hat mindestens 8.</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 ist leer.</translation>
    </message>
    <message>
        <source>%1 is a zip archive, as PyTorch pickles are, and can hold programs, so it is not opened; ask its maker for the .safetensors version.</source>
        <translation>%1 ist ein Zip-Archiv, wie PyTorch-Pickles es sind, und kann Programme enthalten; darum wird die Datei nicht geöffnet. Wer sie gemacht hat, kann eine .safetensors-Fassung geben.</translation>
    </message>
    <message>
        <source>%1 can hold programs, not only numbers, so it is not opened; ask its maker for the .safetensors version.</source>
        <translation>%1 kann Programme enthalten, nicht nur Zahlen; darum wird die Datei nicht geöffnet. Wer sie gemacht hat, kann eine .safetensors-Fassung geben.</translation>
    </message>
    <message>
        <source>%1 is a web page, not a model; the download went wrong.</source>
        <translation>%1 ist eine Webseite, kein Modell; das Herunterladen ist misslungen.</translation>
    </message>
    <message>
        <source>%1 is a GGUF model; only safetensors models can be opened.</source>
        <translation>%1 ist ein GGUF-Modell; nur safetensors-Modelle lassen sich öffnen.</translation>
    </message>
    <message>
        <source>%1 is an HDF5 file; only safetensors models can be opened.</source>
        <translation>%1 ist eine HDF5-Datei; nur safetensors-Modelle lassen sich öffnen.</translation>
    </message>
    <message>
        <source>%1 is a Git LFS pointer, a text that stands for the model; download the model itself (git lfs pull).</source>
        <translation>%1 ist ein Git-LFS-Verweis, ein Text anstelle des Modells; das Modell selbst muss noch geholt werden (git lfs pull).</translation>
    </message>
    <message>
        <source>%1 is a picture, not a model.</source>
        <translation>%1 ist ein Bild, kein Modell.</translation>
    </message>
    <message>
        <source>%1 is a picture or a sound, not a model.</source>
        <translation>%1 ist ein Bild oder ein Klang, kein Modell.</translation>
    </message>
    <message>
        <source>%1 is a PDF document, not a model.</source>
        <translation>%1 ist ein PDF-Dokument, kein Modell.</translation>
    </message>
    <message>
        <source>%1 is a compressed archive; unpack it and open the .safetensors file in it.</source>
        <translation>%1 ist ein gepacktes Archiv; bitte auspacken und die .safetensors-Datei darin öffnen.</translation>
    </message>
    <message>
        <source>%1 is a 7-Zip archive; unpack it and open the .safetensors file in it.</source>
        <translation>%1 ist ein 7-Zip-Archiv; bitte auspacken und die .safetensors-Datei darin öffnen.</translation>
    </message>
    <message>
        <source>%1 is a RAR archive; unpack it and open the .safetensors file in it.</source>
        <translation>%1 ist ein RAR-Archiv; bitte auspacken und die .safetensors-Datei darin öffnen.</translation>
    </message>
    <message>
        <source>%1 does not exist.</source>
        <translation>%1 gibt es nicht.</translation>
    </message>
    <message>
        <source>%1 is a symbolic link that leads back to itself.</source>
        <translation>%1 ist eine Verknüpfung, die zu sich selbst zurückführt.</translation>
    </message>
    <message>
        <source>%1 may not be read by this user.</source>
        <translation>%1 darf von diesem Benutzer nicht gelesen werden.</translation>
    </message>
    <message>
        <source>%1 cannot be opened: %2.</source>
        <translation>%1 lässt sich nicht öffnen: %2.</translation>
    </message>
    <message>
        <source>%1 cannot be read: %2.</source>
        <translation>%1 lässt sich nicht lesen: %2.</translation>
    </message>
    <message>
        <source>%1 became shorter while it was read: it ends before byte %2.</source>
        <translation>%1 wurde beim Lesen kürzer: Die Datei endet vor Byte %2.</translation>
    </message>
    <message>
        <source>%1 has %2 bytes; at most %3 are allowed.</source>
        <translation>%1 hat %2 Byte; erlaubt sind höchstens %3.</translation>
    </message>
    <message>
        <source>%1 is a folder, not a file.</source>
        <translation>%1 ist ein Ordner, keine Datei.</translation>
    </message>
    <message>
        <source>%1 is a pipe, not a file.</source>
        <translation>%1 ist eine Pipe, keine Datei.</translation>
    </message>
    <message>
        <source>%1 is a socket, not a file.</source>
        <translation>%1 ist ein Socket, keine Datei.</translation>
    </message>
    <message>
        <source>%1 is a device, not a file.</source>
        <translation>%1 ist ein Gerät, keine Datei.</translation>
    </message>
    <message>
        <source>%1 is a folder without a model: it holds neither a unet folder nor diffusion_pytorch_model.safetensors.</source>
        <translation>%1 ist ein Ordner ohne Modell: Darin ist weder ein Ordner unet noch diffusion_pytorch_model.safetensors.</translation>
    </message>
    <message>
        <source>%1 uses EDM noise levels (CosXL, Playground 2.5), which the engine does not have.</source>
        <translation>%1 benutzt EDM-Rauschstufen (CosXL, Playground 2.5), die dieses Programm nicht hat.</translation>
    </message>
    <message>
        <source>%1 is not a VAE: decoder.conv_in.weight is not in it.</source>
        <translation>%1 ist kein VAE: decoder.conv_in.weight ist nicht darin.</translation>
    </message>
    <message>
        <source>%1 lacks a part of the model: it has no %2.</source>
        <translation>%1 fehlt ein Teil des Modells: %2 ist nicht darin.</translation>
    </message>
    <message>
        <source>%1 has a name that is not valid UTF-8; rename the file to use it.</source>
        <translation>Der Name von %1 ist kein gültiges UTF-8; mit einem anderen Namen lässt sich die Datei benutzen.</translation>
    </message>
    <message>
        <source>The folder %1 cannot be reached.</source>
        <translation>Der Ordner %1 ist nicht zu erreichen.</translation>
    </message>
</context>
<context>
    <name>FileText</name>
    <message>
        <source>%1 to %2</source>
        <comment>a range</comment>
        <translation>%1 bis %2</translation>
    </message>
    <message>
        <source>%1, of the UNet and of the text encoders</source>
        <comment>number of layers</comment>
        <translation>%1, des UNets und der Text-Encoder</translation>
    </message>
    <message>
        <source>%1, of the UNet</source>
        <comment>number of layers</comment>
        <translation>%1, des UNets</translation>
    </message>
    <message>
        <source>%1, of the text encoders</source>
        <comment>number of layers</comment>
        <translation>%1, der Text-Encoder</translation>
    </message>
    <message>
        <source>UNet</source>
        <translation>UNet</translation>
    </message>
    <message>
        <source>text encoders</source>
        <translation>Text-Encoder</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>velocity (v)</source>
        <translation>Geschwindigkeit (v)</translation>
    </message>
    <message>
        <source>noise (epsilon)</source>
        <translation>Rauschen (epsilon)</translation>
    </message>
    <message>
        <source>%1, zero terminal SNR</source>
        <translation>%1, Zero-Terminal-SNR</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <comment>a list</comment>
        <translation>
            <numerusform>%1 und %n weiteres</numerusform>
            <numerusform>%1 und %n weitere</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n layer(s) of it change %2</source>
        <comment>of a LoRA; %2: a model</comment>
        <translation>
            <numerusform>%1 von %n Schicht darin ändert %2</numerusform>
            <numerusform>%1 von %n Schichten darin ändern %2</numerusform>
        </translation>
    </message>
    <message>
        <source>models of the family %1</source>
        <translation>Modellen der Familie %1</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Form</source>
        <translation>Form</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>Base</source>
        <translation>Basis</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>Parameter</translation>
    </message>
    <message>
        <source>Parts</source>
        <translation>Teile</translation>
    </message>
    <message>
        <source>Predicts</source>
        <translation>Sagt voraus</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
    <message>
        <source>Rank</source>
        <translation>Rang</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>Schichten</translation>
    </message>
    <message>
        <source>Vectors</source>
        <translation>Vektoren</translation>
    </message>
    <message>
        <source>Trigger words</source>
        <translation>Auslösewörter</translation>
    </message>
    <message>
        <source>Preferred weight</source>
        <translation>Bevorzugtes Gewicht</translation>
    </message>
    <message>
        <source>Trained on</source>
        <translation>Trainiert auf</translation>
    </message>
    <message>
        <source>Trained at</source>
        <translation>Trainiert bei</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>Tags</translation>
    </message>
    <message>
        <source>Author</source>
        <translation>Urheber</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Usage</source>
        <translation>Gebrauch</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Beschreibung</translation>
    </message>
    <message>
        <source>a picture model</source>
        <translation>ein Bildmodell</translation>
    </message>
    <message>
        <source>the core of a picture model without its other parts</source>
        <translation>der Kern eines Bildmodells ohne seine anderen Teile</translation>
    </message>
    <message>
        <source>a VAE</source>
        <translation>ein VAE</translation>
    </message>
    <message>
        <source>a text encoder</source>
        <translation>ein Text-Encoder</translation>
    </message>
    <message>
        <source>a LoRA</source>
        <translation>ein LoRA</translation>
    </message>
    <message>
        <source>an embedding</source>
        <translation>ein Embedding</translation>
    </message>
    <message>
        <source>a ControlNet</source>
        <translation>ein ControlNet</translation>
    </message>
    <message>
        <source>a Control-LoRA</source>
        <translation>ein Control-LoRA</translation>
    </message>
    <message>
        <source>a ControlNet Union</source>
        <translation>ein ControlNet Union</translation>
    </message>
    <message>
        <source>a ControlNet-LLLite</source>
        <translation>ein ControlNet-LLLite</translation>
    </message>
    <message>
        <source>a T2I-Adapter</source>
        <translation>ein T2I-Adapter</translation>
    </message>
    <message>
        <source>an IP-Adapter</source>
        <translation>ein IP-Adapter</translation>
    </message>
    <message>
        <source>a small preview decoder</source>
        <translation>ein kleiner Vorschau-Decoder</translation>
    </message>
    <message>
        <source>an upscaler</source>
        <translation>ein Vergrößerer</translation>
    </message>
    <message>
        <source>an image encoder</source>
        <translation>ein Bild-Encoder</translation>
    </message>
    <message>
        <source>a safety checker</source>
        <translation>ein Inhaltsfilter</translation>
    </message>
    <message>
        <source>a language model for prompts</source>
        <translation>ein Sprachmodell für Prompts</translation>
    </message>
    <message>
        <source>of a kind this editor does not know</source>
        <translation>von einer Art, die dieses Programm nicht kennt</translation>
    </message>
    <message>
        <source>Picture model</source>
        <translation>Bildmodell</translation>
    </message>
    <message>
        <source>UNet of a picture model</source>
        <translation>UNet eines Bildmodells</translation>
    </message>
    <message>
        <source>Text encoder</source>
        <translation>Text-Encoder</translation>
    </message>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>Embedding</translation>
    </message>
    <message>
        <source>ControlNet</source>
        <translation>ControlNet</translation>
    </message>
    <message>
        <source>Control-LoRA</source>
        <translation>Control-LoRA</translation>
    </message>
    <message>
        <source>ControlNet Union</source>
        <translation>ControlNet Union</translation>
    </message>
    <message>
        <source>ControlNet-LLLite</source>
        <translation>ControlNet-LLLite</translation>
    </message>
    <message>
        <source>T2I-Adapter</source>
        <translation>T2I-Adapter</translation>
    </message>
    <message>
        <source>IP-Adapter</source>
        <translation>IP-Adapter</translation>
    </message>
    <message>
        <source>Small preview decoder (TAESD)</source>
        <translation>Kleiner Vorschau-Decoder (TAESD)</translation>
    </message>
    <message>
        <source>Upscaler</source>
        <translation>Vergrößerer</translation>
    </message>
    <message>
        <source>Image encoder</source>
        <translation>Bild-Encoder</translation>
    </message>
    <message>
        <source>Safety checker</source>
        <translation>Inhaltsfilter</translation>
    </message>
    <message>
        <source>Language model (GPT-2)</source>
        <translation>Sprachmodell (GPT-2)</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>Unbekannt</translation>
    </message>
    <message>
        <source>%1 for %2</source>
        <comment>kind of file, family of models</comment>
        <translation>%1 für %2</translation>
    </message>
    <message>
        <source>%1 is %2.</source>
        <comment>file name, kind of file</comment>
        <translation>%1 ist %2.</translation>
    </message>
    <message>
        <source>This program does not run models of that family; the file was left where it is.</source>
        <translation>Modelle dieser Familie führt dieses Programm nicht aus; die Datei blieb, wo sie ist.</translation>
    </message>
    <message>
        <source>It was left where it is.</source>
        <translation>Die Datei blieb, wo sie ist.</translation>
    </message>
    <message>
        <source>It is neither a picture model nor a LoRA; its place is the folder &quot;%1&quot; in your models folder.</source>
        <translation>Das ist weder ein Bildmodell noch ein LoRA; der Platz dafür ist der Ordner „%1“ im Modellordner.</translation>
    </message>
    <message>
        <source>Works with</source>
        <translation>Passt zu</translation>
    </message>
    <message>
        <source>Does not fit</source>
        <translation>Passt nicht</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Tensors</source>
        <translation>Tensoren</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>Its folder, with the vocabulary in it, belongs into &quot;prompt_expansion&quot; in the program&apos;s data folder; then it can expand prompts.</source>
        <translation>Der ganze Ordner, mit dem Vokabular darin, gehört nach „prompt_expansion“ im Datenordner des Programms; dann kann es Prompts erweitern.</translation>
    </message>
</context>
<context>
    <name>GenerateTexts</name>
    <message>
        <source>touch up</source>
        <translation>auffrischen</translation>
    </message>
    <message>
        <source>restyle, keep shapes</source>
        <translation>umgestalten, Formen bleiben</translation>
    </message>
    <message>
        <source>new content, same place</source>
        <translation>neuer Inhalt, gleicher Ort</translation>
    </message>
    <message>
        <source>start fresh</source>
        <translation>ganz neu</translation>
    </message>
    <message>
        <source>Create picture</source>
        <translation>Bild erzeugen</translation>
    </message>
    <message>
        <source>Rework picture</source>
        <translation>Bild überarbeiten</translation>
    </message>
    <message>
        <source>Refine area</source>
        <translation>Stelle verfeinern</translation>
    </message>
    <message>
        <source>Replace area</source>
        <translation>Stelle ersetzen</translation>
    </message>
    <message>
        <source>Choose a model first</source>
        <translation>Zuerst ein Modell wählen</translation>
    </message>
    <message>
        <source>Open a picture first</source>
        <translation>Zuerst ein Bild öffnen</translation>
    </message>
    <message>
        <source>Paint an area first</source>
        <translation>Zuerst eine Stelle übermalen</translation>
    </message>
    <message>
        <source>Strength too low for a step to run</source>
        <translation>Stärke zu gering für einen Schritt</translation>
    </message>
    <message numerus="yes">
        <source>runs %1 of %n step(s)</source>
        <comment>below the strength</comment>
        <translation>
            <numerusform>%1 von %n Schritt läuft</numerusform>
            <numerusform>%1 von %n Schritten laufen</numerusform>
        </translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>Wird vorbereitet</translation>
    </message>
    <message>
        <source>Reading the prompt</source>
        <translation>Prompt wird gelesen</translation>
    </message>
    <message>
        <source>Developing the picture</source>
        <translation>Bild wird entwickelt</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Beginnt</translation>
    </message>
    <message>
        <source>Step %1 of %2</source>
        <translation>Schritt %1 von %2</translation>
    </message>
    <message>
        <source>%1/%2: step %3 of %4</source>
        <comment>variation, of how many, step, of how many</comment>
        <translation>%1/%2: Schritt %3 von %4</translation>
    </message>
    <message>
        <source>%1 – %2 left</source>
        <comment>progress, time</comment>
        <translation>%1 – noch %2</translation>
    </message>
    <message numerus="yes">
        <source>%n pixel(s) changed outside the mask</source>
        <comment>the seal of a variation</comment>
        <translation>
            <numerusform>%n Pixel außerhalb der Maske geändert</numerusform>
            <numerusform>%n Pixel außerhalb der Maske geändert</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 works at %2 (%3&#x202f;%)</source>
        <comment>size of the cut-out, size the model works at, scale</comment>
        <translation>%1 bearbeitet in %2 (%3&#x202f;%)</translation>
    </message>
    <message>
        <source>%1&#x202f;s</source>
        <comment>seconds</comment>
        <translation>%1&#x202f;s</translation>
    </message>
    <message>
        <source>%1&#x202f;min</source>
        <comment>minutes</comment>
        <translation>%1&#x202f;min</translation>
    </message>
    <message>
        <source>Loading model – %1&#x202f;%</source>
        <translation>Modell wird geladen – %1&#x202f;%</translation>
    </message>
</context>
<context>
    <name>LoraTexts</name>
    <message>
        <source>This file cannot be used as it is.</source>
        <translation>Diese Datei ist so nicht brauchbar.</translation>
    </message>
    <message>
        <source>rank %1</source>
        <comment>of a LoRA</comment>
        <translation>Rang %1</translation>
    </message>
    <message>
        <source>Trained at %1</source>
        <translation>Trainiert mit %1</translation>
    </message>
    <message>
        <source>Tags: %1</source>
        <translation>Schlagwörter: %1</translation>
    </message>
    <message>
        <source>Note: %1</source>
        <translation>Notiz: %1</translation>
    </message>
    <message>
        <source>Hash: %1</source>
        <translation>Prüfsumme: %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n layer(s) applied</source>
        <comment>of a LoRA</comment>
        <translation>
            <numerusform>%1 von %n Ebene angewendet</numerusform>
            <numerusform>%1 von %n Ebenen angewendet</numerusform>
        </translation>
    </message>
    <message>
        <source>Made for %1; the model in use is %2.</source>
        <translation>Für %1 gemacht; das Modell in Gebrauch ist %2.</translation>
    </message>
    <message>
        <source>Trigger words: %1</source>
        <translation>Auslösewörter: %1</translation>
    </message>
    <message>
        <source>Preferred weight: %1</source>
        <translation>Bevorzugtes Gewicht: %1</translation>
    </message>
</context>
<context>
    <name>Menus</name>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Mask</source>
        <translation>&amp;Maske</translation>
    </message>
    <message>
        <source>&amp;Generate</source>
        <translation>&amp;Erzeugen</translation>
    </message>
    <message>
        <source>Show variation</source>
        <translation>Variante zeigen</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>&amp;Fenster</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;LoRA</source>
        <translation>&amp;LoRA</translation>
    </message>
</context>
<context>
    <name>NoticeText</name>
    <message>
        <source>%1 is not there any more. The open picture is untouched.</source>
        <translation>%1 ist nicht mehr da. Das offene Bild ist unberührt.</translation>
    </message>
    <message>
        <source>%1 could not be opened as a picture. PNG, JPEG, WebP, GIF and AVIF can; the open picture is untouched.</source>
        <translation>%1 ließ sich nicht als Bild öffnen. PNG, JPEG, WebP, GIF und AVIF gehen; das offene Bild ist unberührt.</translation>
    </message>
    <message>
        <source>The disk is full, so %1 was not written. Your picture is safe here: free some space or choose another place.</source>
        <translation>Der Datenträger ist voll, deshalb wurde %1 nicht geschrieben. Ihr Bild ist hier sicher: Schaffen Sie Platz oder wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>The folder of %1 is not there. Choose another place.</source>
        <translation>Den Ordner von %1 gibt es nicht. Wählen Sie einen anderen Ort.</translation>
    </message>
    <message>
        <source>%1 was not written. Your picture is safe here: choose another name or place.</source>
        <translation>%1 wurde nicht geschrieben. Ihr Bild ist hier sicher: Wählen Sie einen anderen Namen oder Ort.</translation>
    </message>
    <message>
        <source>The model %1 is no longer where it was. Choose it again or take another.</source>
        <translation>Das Modell %1 ist nicht mehr am alten Ort. Wählen Sie es neu oder nehmen Sie ein anderes.</translation>
    </message>
    <message>
        <source>The model %1 cannot be read; it may be cut short or still be downloading. Your picture is untouched.</source>
        <translation>Das Modell %1 lässt sich nicht lesen; vielleicht ist es unvollständig oder wird noch heruntergeladen. Ihr Bild ist unberührt.</translation>
    </message>
    <message>
        <source>The model %1 is not complete: parts of it are missing or have another shape. Your picture is untouched.</source>
        <translation>Das Modell %1 ist nicht vollständig: Teile fehlen oder haben eine andere Form. Ihr Bild ist unberührt.</translation>
    </message>
    <message>
        <source>%1 is not a file this editor can use. It opens pictures, and models of the SDXL and SD 1.5 families as .safetensors files or diffusers folders.</source>
        <translation>%1 ist keine Datei, die dieser Editor benutzen kann. Er öffnet Bilder sowie Modelle der Familien SDXL und SD 1.5 als .safetensors-Dateien oder diffusers-Ordner.</translation>
    </message>
    <message>
        <source>Memory ran out, so the run ended. Your picture and mask are untouched; a smaller area or fewer variations need less.</source>
        <translation>Der Speicher reichte nicht, deshalb endete der Durchgang. Bild und Maske sind unberührt; eine kleinere Stelle oder weniger Varianten brauchen weniger.</translation>
    </message>
    <message>
        <source>The graphics card stopped answering. Your picture is untouched; the run can be repeated with the same seed.</source>
        <translation>Die Grafikkarte antwortet nicht mehr. Ihr Bild ist unberührt; der Durchgang lässt sich mit demselben Startwert wiederholen.</translation>
    </message>
    <message>
        <source>These settings cannot be run. Your picture and mask are untouched; the details name what to change.</source>
        <translation>Mit diesen Einstellungen geht es nicht. Bild und Maske sind unberührt; die Einzelheiten nennen, was zu ändern ist.</translation>
    </message>
    <message>
        <source>The model could not be loaded, so nothing was generated. Your picture is untouched; choose another model.</source>
        <translation>Das Modell ließ sich nicht laden, deshalb wurde nichts erzeugt. Ihr Bild ist unberührt; wählen Sie ein anderes Modell.</translation>
    </message>
    <message>
        <source>The run failed. Your picture and mask are untouched; it can be repeated with the same seed.</source>
        <translation>Der Durchgang ist gescheitert. Bild und Maske sind unberührt; er lässt sich mit demselben Startwert wiederholen.</translation>
    </message>
    <message>
        <source>%1 is open, but not all of the file could be used.</source>
        <translation>%1 ist offen, doch nicht alles aus der Datei war zu gebrauchen.</translation>
    </message>
    <message>
        <source>%1 was written.</source>
        <translation>%1 wurde geschrieben.</translation>
    </message>
    <message>
        <source>%1 was written, with picture and mask beside it.</source>
        <translation>%1 wurde geschrieben, Bild und Maske liegen daneben.</translation>
    </message>
    <message>
        <source>The run finished with a remark.</source>
        <translation>Der Durchgang ist fertig, mit einer Anmerkung.</translation>
    </message>
    <message>
        <source>Stopped at step %1. Nothing was changed.</source>
        <translation>Bei Schritt %1 angehalten. Nichts wurde geändert.</translation>
    </message>
    <message>
        <source>Stopped. Nothing was changed.</source>
        <translation>Angehalten. Nichts wurde geändert.</translation>
    </message>
    <message numerus="yes">
        <source>%n variation(s) left the strip to make room in memory.</source>
        <comment>oldest first</comment>
        <translation>
            <numerusform>%n Variante musste im Speicher Platz machen und ist nicht mehr in der Leiste.</numerusform>
            <numerusform>%n Varianten mussten im Speicher Platz machen und sind nicht mehr in der Leiste.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A result changed %n pixel(s) outside the mask. That is a fault of the program; the result was put aside.</source>
        <translation>
            <numerusform>Ein Ergebnis hat %n Pixel außerhalb der Maske geändert. Das ist ein Fehler des Programms; das Ergebnis wurde beiseitegelegt.</numerusform>
            <numerusform>Ein Ergebnis hat %n Pixel außerhalb der Maske geändert. Das ist ein Fehler des Programms; das Ergebnis wurde beiseitegelegt.</numerusform>
        </translation>
    </message>
    <message>
        <source>The disk is full, so nothing was kept about the LoRA.</source>
        <translation>Der Datenträger ist voll, darum wurde zum LoRA nichts behalten.</translation>
    </message>
    <message>
        <source>This could not be kept about the LoRA. The file itself is untouched.</source>
        <translation>Das konnte zum LoRA nicht behalten werden. Die Datei selbst ist unberührt.</translation>
    </message>
    <message>
        <source>A result was hidden by the safety filter. It was not deleted.</source>
        <translation>Der Sicherheitsfilter hat ein Ergebnis verborgen. Es wurde nicht gelöscht.</translation>
    </message>
    <message>
        <source>Memory ran out, so the prompt was not expanded. It stays as it is.</source>
        <translation>Der Speicher reichte nicht, daher wurde der Prompt nicht erweitert. Er bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>The prompt was not expanded; it stays as it is. The folder must hold a GPT-2 model in the layout of transformers, with its weights as .safetensors.</source>
        <translation>Der Prompt wurde nicht erweitert; er bleibt, wie er ist. Der Ordner muss ein GPT-2-Modell in der Anordnung von transformers enthalten, mit den Gewichten als .safetensors.</translation>
    </message>
    <message>
        <source>There is nothing to add: the prompt fills its last 75 tokens already.</source>
        <translation>Es gibt nichts hinzuzufügen: Der Prompt füllt seine letzten 75 Tokens schon.</translation>
    </message>
    <message>
        <source>%1 could not be used with this model, so nothing was generated. Your picture is untouched.</source>
        <translation>%1 war mit diesem Modell nicht brauchbar, darum wurde nichts erzeugt. Ihr Bild ist unberührt.</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>sfumato::document::Document</name>
    <message>
        <source>Clear mask</source>
        <translation>Maske leeren</translation>
    </message>
    <message>
        <source>Mask everything</source>
        <translation>Alles übermalen</translation>
    </message>
    <message>
        <source>Invert mask</source>
        <translation>Maske umkehren</translation>
    </message>
    <message>
        <source>Background</source>
        <translation>Hintergrund</translation>
    </message>
    <message>
        <source>Erase mask</source>
        <translation>Maske radieren</translation>
    </message>
    <message>
        <source>Paint mask</source>
        <translation>Maske malen</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::AdvancedSettings</name>
    <message>
        <source>Diffusers</source>
        <translation>Diffusers</translation>
    </message>
    <message>
        <source>A1111, Forge</source>
        <translation>A1111, Forge</translation>
    </message>
    <message>
        <source>ComfyUI</source>
        <translation>ComfyUI</translation>
    </message>
    <message>
        <source>Rules of</source>
        <translation>Regeln von</translation>
    </message>
    <message>
        <source>Programs differ on the same recipe: in noise, prompt weights, steps and rounding. Follow the one a recipe comes from to get its picture.</source>
        <translation>Programme gehen mit demselben Rezept verschieden um: bei Rauschen, Gewichten im Prompt, Schritten und Rundung. Wer das Bild eines Rezepts will, folgt dem Programm, aus dem es stammt.</translation>
    </message>
    <message>
        <source>The same</source>
        <translation>Demselben</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>Graphics card</source>
        <translation>Grafikkarte</translation>
    </message>
    <message>
        <source>Noise from</source>
        <translation>Rauschen von</translation>
    </message>
    <message>
        <source>Processors and cards make different noise from one seed. The card&apos;s is made here on any machine.</source>
        <translation>Prozessoren und Karten machen aus einem Startwert verschiedenes Rauschen. Das der Karte entsteht hier auf jedem Rechner.</translation>
    </message>
    <message>
        <source>Rescale</source>
        <translation>Angleichen</translation>
    </message>
    <message>
        <source>Brings strong guidance back to natural contrast. About 0.7 suits models with zero terminal SNR.</source>
        <translation>Bringt starke Führung auf natürlichen Kontrast zurück. Etwa 0,7 passt zu Modellen mit Zero Terminal SNR.</translation>
    </message>
    <message>
        <source>Guide above</source>
        <translation>Führen über</translation>
    </message>
    <message>
        <source>Guidance acts above this noise level; below it a step takes half the time.</source>
        <translation>Die Führung wirkt über diesem Rauschpegel; darunter dauert ein Schritt halb so lange.</translation>
    </message>
    <message>
        <source>Guide below</source>
        <translation>Führen unter</translation>
    </message>
    <message>
        <source>Guidance acts up to this noise level. 15 is everywhere; about 5 keeps colours calmer.</source>
        <translation>Die Führung wirkt bis zu diesem Rauschpegel. 15 ist überall; etwa 5 hält die Farben ruhiger.</translation>
    </message>
    <message>
        <source>Structure (PAG)</source>
        <translation>Struktur (PAG)</translation>
    </message>
    <message>
        <source>Moves away from a picture without structure. 3 is usual; takes one more pass a step.</source>
        <translation>Entfernt sich von einem Bild ohne Struktur. Üblich ist 3; kostet einen Durchgang mehr je Schritt.</translation>
    </message>
    <message>
        <source>Sharpness</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>Keeps guidance from blurring what is fine. 2 is usual.</source>
        <translation>Bewahrt Feines davor, von der Führung verwischt zu werden. Üblich ist 2.</translation>
    </message>
    <message>
        <source>Begin guidance at</source>
        <translation>Führung beginnt bei</translation>
    </message>
    <message>
        <source>A stronger guidance begins as this one and grows to its own. 0 is off, 7 usual.</source>
        <translation>Eine stärkere Führung beginnt mit dieser und wächst auf ihre eigene. 0 ist aus, 7 üblich.</translation>
    </message>
    <message>
        <source>FreeU</source>
        <translation>FreeU</translation>
    </message>
    <message>
        <source>Weighs the model&apos;s own features anew: clearer shapes, less haze. Costs no time.</source>
        <translation>Gewichtet die eigenen Merkmale des Modells neu: klarere Formen, weniger Dunst. Kostet keine Zeit.</translation>
    </message>
    <message>
        <source>Emphasise size</source>
        <translation>Größe betonen</translation>
    </message>
    <message>
        <source>Tells SDXL at first of a larger original, and the negative prompt of a smaller one; for finer pictures.</source>
        <translation>Nennt SDXL anfangs ein größeres Original und dem negativen Prompt ein kleineres; für feinere Bilder.</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n on</source>
        <comment>program and how many options</comment>
        <translation>
            <numerusform>%1, %n an</numerusform>
            <numerusform>%1, %n an</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sfumato::ui::AreaSettings</name>
    <message>
        <source>Around the paint</source>
        <translation>Um das Übermalte</translation>
    </message>
    <message>
        <source>Whole picture</source>
        <translation>Ganzes Bild</translation>
    </message>
    <message>
        <source>The model sees</source>
        <translation>Das Modell sieht</translation>
    </message>
    <message>
        <source>A cut-out around the paint is worked on at the model&apos;s own size and keeps detail; the whole picture gives it the most to go by.</source>
        <translation>Ein Ausschnitt um das Übermalte wird in der Größe des Modells bearbeitet und behält Einzelheiten; das ganze Bild gibt ihm die meisten Anhaltspunkte.</translation>
    </message>
    <message>
        <source>What was there</source>
        <translation>Vorhandenes</translation>
    </message>
    <message>
        <source>Blurred surroundings</source>
        <translation>Weiche Umgebung</translation>
    </message>
    <message>
        <source>Continued borders</source>
        <translation>Fortgesetzte Ränder</translation>
    </message>
    <message>
        <source>Neutral grey</source>
        <translation>Neutrales Grau</translation>
    </message>
    <message>
        <source>Noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <source>Start from</source>
        <translation>Ausgangspunkt</translation>
    </message>
    <message>
        <source>What the painted area holds before the first step.</source>
        <translation>Was an der übermalten Stelle steht, bevor der erste Schritt läuft.</translation>
    </message>
    <message>
        <source>Match colours to the surroundings</source>
        <translation>Farben an Umgebung angleichen</translation>
    </message>
    <message>
        <source>Corrects small differences of light and hue along the edge.</source>
        <translation>Gleicht kleine Unterschiede in Licht und Farbton am Rand aus.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::CanvasView</name>
    <message>
        <source>Canvas</source>
        <translation>Leinwand</translation>
    </message>
    <message>
        <source>The picture. Paint with B where it may change.</source>
        <translation>Das Bild. Mit B übermalen Sie, wo es sich ändern darf.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::CommandSearch</name>
    <message>
        <source>Find a command</source>
        <translation>Befehl suchen</translation>
    </message>
    <message>
        <source>Name of a command</source>
        <translation>Name eines Befehls</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>Befehle suchen</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::CompletionPopup</name>
    <message>
        <source>Words that fit</source>
        <translation>Passende Wörter</translation>
    </message>
    <message>
        <source>Tab takes the chosen word.</source>
        <translation>Tab übernimmt das gewählte Wort.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ControlActions</name>
    <message>
        <source>Choose a control model</source>
        <translation>Steuermodell wählen</translation>
    </message>
    <message>
        <source>Models (*.safetensors)</source>
        <translation>Modelle (*.safetensors)</translation>
    </message>
    <message>
        <source>Choose the picture that leads</source>
        <translation>Führendes Bild wählen</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif *.avif *.bmp)</source>
        <translation>Bilder (*.png *.jpg *.jpeg *.webp *.gif *.avif *.bmp)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ControlPanel</name>
    <message>
        <source>A control lets another picture lead: its lines, its pose, its depth, its colours. It needs a control model, such as a ControlNet.</source>
        <translation>Eine Steuerung lässt ein anderes Bild führen: seine Linien, seine Pose, seine Tiefe, seine Farben. Sie braucht ein Steuermodell, etwa ein ControlNet.</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>Add control</source>
        <translation>Steuerung hinzufügen</translation>
    </message>
    <message>
        <source>Choose among the control models found beside your models, or a file. Files can also be dropped here.</source>
        <translation>Wählen Sie unter den Steuermodellen neben Ihren Modellen oder eine Datei. Dateien lassen sich auch hier ablegen.</translation>
    </message>
    <message numerus="yes">
        <source>%n in use</source>
        <translation>
            <numerusform>%n in Gebrauch</numerusform>
            <numerusform>%n in Gebrauch</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 in use</source>
        <translation>%1 von %2 in Gebrauch</translation>
    </message>
    <message>
        <source>Looking for control models…</source>
        <translation>Steuermodelle werden gesucht …</translation>
    </message>
    <message>
        <source>No control models beside your models</source>
        <translation>Keine Steuermodelle neben Ihren Modellen</translation>
    </message>
    <message>
        <source>Model file…</source>
        <translation>Modelldatei …</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ControlRowView</name>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>How strongly the picture leads. 1 is what the model was made for.</source>
        <translation>Wie stark das Bild führt. Für 1 ist das Modell gemacht.</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>The part of the steps after which the picture begins to lead.</source>
        <translation>Der Teil der Schritte, nach dem das Bild zu führen beginnt.</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>The part of the steps after which the picture leaves the rest to the prompt.</source>
        <translation>Der Teil der Schritte, nach dem das Bild den Rest dem Prompt überlässt.</translation>
    </message>
    <message>
        <source>What the model sees</source>
        <translation>Was das Modell sieht</translation>
    </message>
    <message>
        <source>Control %1</source>
        <translation>Steuerung %1</translation>
    </message>
    <message>
        <source>Move %1</source>
        <translation>%1 verschieben</translation>
    </message>
    <message>
        <source>Drag to change the order, or use the up and down keys here.</source>
        <translation>Ziehen ändert die Reihenfolge, ebenso hier die Tasten Auf und Ab.</translation>
    </message>
    <message>
        <source>Switch %1 off</source>
        <translation>%1 ausschalten</translation>
    </message>
    <message>
        <source>Switch %1 on</source>
        <translation>%1 einschalten</translation>
    </message>
    <message>
        <source>Switch the control off and on; its settings stay.</source>
        <translation>Schaltet die Steuerung aus und ein; ihre Einstellungen bleiben.</translation>
    </message>
    <message>
        <source>Details of %1</source>
        <translation>Einzelheiten von %1</translation>
    </message>
    <message>
        <source>Parameters of the preparation, and the part of the steps in which it leads.</source>
        <translation>Werte der Vorbereitung und der Teil der Schritte, in dem sie führt.</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>Model of %1</source>
        <translation>Modell von %1</translation>
    </message>
    <message>
        <source>A ControlNet, T2I-Adapter or IP-Adapter that fits the model in use.</source>
        <translation>Ein ControlNet, T2I-Adapter oder IP-Adapter, der zum verwendeten Modell passt.</translation>
    </message>
    <message>
        <source>What the picture of %1 shows</source>
        <translation>Was das Bild von %1 zeigt</translation>
    </message>
    <message>
        <source>What the picture shows. It chooses how an ordinary picture is prepared, and the task of a ControlNet Union.</source>
        <translation>Was das Bild zeigt. Danach richten sich die Vorbereitung eines gewöhnlichen Bildes und die Aufgabe einer ControlNet Union.</translation>
    </message>
    <message>
        <source>Picture of %1</source>
        <translation>Bild von %1</translation>
    </message>
    <message>
        <source>The picture that leads: the one on the canvas, or a file. A file can also be dropped here.</source>
        <translation>Das Bild, das führt: das auf der Leinwand oder eine Datei. Eine Datei lässt sich auch hier ablegen.</translation>
    </message>
    <message>
        <source>Preparation of %1</source>
        <translation>Vorbereitung von %1</translation>
    </message>
    <message>
        <source>What the model of %1 sees</source>
        <translation>Was das Modell von %1 sieht</translation>
    </message>
    <message>
        <source>What the model will see. Click to enlarge.</source>
        <translation>Was das Modell sehen wird. Ein Klick vergrößert.</translation>
    </message>
    <message>
        <source>Model file…</source>
        <translation>Modelldatei …</translation>
    </message>
    <message>
        <source>Choose a model</source>
        <translation>Modell wählen</translation>
    </message>
    <message>
        <source>From the canvas</source>
        <translation>Von der Leinwand</translation>
    </message>
    <message>
        <source>Picture file…</source>
        <translation>Bilddatei …</translation>
    </message>
    <message>
        <source>Choose a picture</source>
        <translation>Bild wählen</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::DocumentActions</name>
    <message>
        <source>Not exported yet</source>
        <translation>Noch nicht exportiert</translation>
    </message>
    <message>
        <source>%1 has changes that were not exported. Export them first?</source>
        <translation>%1 enthält Änderungen, die noch nicht exportiert wurden. Zuerst exportieren?</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Discard changes</source>
        <translation>Änderungen verwerfen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Open picture</source>
        <translation>Bild öffnen</translation>
    </message>
    <message>
        <source>Pictures (*.png *.jpg *.jpeg *.webp *.gif *.avif *.bmp)</source>
        <translation>Bilder (*.png *.jpg *.jpeg *.webp *.gif *.avif *.bmp)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>Eingefügtes Bild</translation>
    </message>
    <message>
        <source>Choose a model file</source>
        <translation>Modelldatei wählen</translation>
    </message>
    <message>
        <source>Models (*.safetensors)</source>
        <translation>Modelle (*.safetensors)</translation>
    </message>
    <message>
        <source>Choose a diffusers folder</source>
        <translation>Diffusers-Ordner wählen</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>In der Zwischenablage liegt kein Bild.</translation>
    </message>
    <message>
        <source>PNG pictures (*.png)</source>
        <translation>PNG-Bilder (*.png)</translation>
    </message>
    <message>
        <source>JPEG pictures (*.jpg *.jpeg)</source>
        <translation>JPEG-Bilder (*.jpg *.jpeg)</translation>
    </message>
    <message>
        <source>Export picture</source>
        <translation>Bild exportieren</translation>
    </message>
    <message>
        <source>Save as job file</source>
        <translation>Als Auftragsdatei sichern</translation>
    </message>
    <message>
        <source>Job files (*.json)</source>
        <translation>Auftragsdateien (*.json)</translation>
    </message>
    <message>
        <source>This picture carries the recipe it was made with.</source>
        <translation>Dieses Bild trägt das Rezept in sich, nach dem es entstand.</translation>
    </message>
    <message>
        <source>Use prompt</source>
        <translation>Prompt übernehmen</translation>
    </message>
    <message>
        <source>Use all settings</source>
        <translation>Alles übernehmen</translation>
    </message>
    <message>
        <source>Choose another…</source>
        <translation>Anderes wählen…</translation>
    </message>
    <message>
        <source>Export elsewhere…</source>
        <translation>Anderswohin exportieren…</translation>
    </message>
    <message>
        <source>Not among your models, so the present one stays: %1</source>
        <translation>Nicht unter Ihren Modellen, darum bleibt das jetzige: %1</translation>
    </message>
    <message>
        <source>Not in your VAE folders, so the present one stays: %1</source>
        <translation>Nicht in Ihren VAE-Ordnern, darum bleibt das jetzige: %1</translation>
    </message>
    <message>
        <source>Not among your models, so there is no refiner: %1</source>
        <translation>Nicht unter Ihren Modellen, darum ohne Refiner: %1</translation>
    </message>
    <message>
        <source>Not in your LoRA folders, so left out: %1</source>
        <translation>Nicht in Ihren LoRA-Ordnern, darum weggelassen: %1</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Switch the filter off</source>
        <translation>Filter ausschalten</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::EmptyState</name>
    <message>
        <source>Describe a picture, or drop one here.</source>
        <translation>Beschreiben Sie ein Bild oder legen Sie eines hier ab.</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ExpandButton</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Expand</source>
        <translation>Erweitern</translation>
    </message>
    <message>
        <source>Let a language model add to the prompt. You see what it would add and may change it before it is used.</source>
        <translation>Ein Sprachmodell den Prompt ergänzen lassen. Sie sehen, was es hinzufügen würde, und können es ändern, bevor es benutzt wird.</translation>
    </message>
    <message>
        <source>No model that expands prompts is installed.</source>
        <translation>Es ist kein Modell installiert, das Prompts erweitert.</translation>
    </message>
    <message>
        <source>No model that expands prompts is installed. It is looked for in %1; the Generate menu chooses another folder.</source>
        <translation>Es ist kein Modell installiert, das Prompts erweitert. Es wird in %1 gesucht; das Menü Erzeugen wählt einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Write something first; then a language model can add to it.</source>
        <translation>Schreiben Sie zuerst etwas; dann kann ein Sprachmodell es ergänzen.</translation>
    </message>
    <message>
        <source>Stop the language model. The prompt stays as it is.</source>
        <translation>Das Sprachmodell anhalten. Der Prompt bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>Stop expanding the prompt</source>
        <translation>Erweitern des Prompts anhalten</translation>
    </message>
    <message>
        <source>Expand the prompt</source>
        <translation>Den Prompt erweitern</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ExpansionPanel</name>
    <message>
        <source>Expansion</source>
        <translation>Erweiterung</translation>
    </message>
    <message>
        <source>What would be added to the prompt. It can be changed here; it is used once it is added.</source>
        <translation>Was dem Prompt hinzugefügt würde. Es lässt sich hier ändern; benutzt wird es erst, wenn es hinzugefügt ist.</translation>
    </message>
    <message>
        <source>Add to prompt</source>
        <translation>Zum Prompt</translation>
    </message>
    <message>
        <source>Add the expansion to the prompt</source>
        <translation>Die Erweiterung dem Prompt hinzufügen</translation>
    </message>
    <message>
        <source>Put it behind the prompt. Ctrl+Z in the prompt takes it back.</source>
        <translation>Sie hinter den Prompt setzen. Strg+Z im Prompt nimmt sie zurück.</translation>
    </message>
    <message>
        <source>Another</source>
        <translation>Andere</translation>
    </message>
    <message>
        <source>Drop</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Drop the expansion</source>
        <translation>Die Erweiterung verwerfen</translation>
    </message>
    <message>
        <source>The prompt stays as it is.</source>
        <translation>Der Prompt bleibt, wie er ist.</translation>
    </message>
    <message>
        <source>Would be added:</source>
        <translation>Käme hinzu:</translation>
    </message>
    <message>
        <source>The language model is writing…</source>
        <translation>Das Sprachmodell schreibt …</translation>
    </message>
    <message>
        <source>Another expansion</source>
        <translation>Eine andere Erweiterung</translation>
    </message>
    <message>
        <source>Let the language model write again, with the next seed after %1.</source>
        <translation>Das Sprachmodell noch einmal schreiben lassen, mit dem nächsten Seed nach %1.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ExportDialog</name>
    <message>
        <source>Export picture</source>
        <translation>Bild exportieren</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>PNG – lossless</source>
        <translation>PNG – verlustfrei</translation>
    </message>
    <message>
        <source>JPEG – small, for photographs</source>
        <translation>JPEG – klein, für Fotos</translation>
    </message>
    <message>
        <source>PNG keeps every pixel and transparency; JPEG is smaller and always opaque.</source>
        <translation>PNG bewahrt jedes Pixel und Transparenz; JPEG ist kleiner und immer deckend.</translation>
    </message>
    <message>
        <source>Quality</source>
        <translation>Qualität</translation>
    </message>
    <message>
        <source>Higher is larger and closer to the picture.</source>
        <translation>Höher heißt größer und näher am Bild.</translation>
    </message>
    <message>
        <source>Include the recipe (prompt and settings)</source>
        <translation>Rezept mitgeben (Prompt und Einstellungen)</translation>
    </message>
    <message>
        <source>Include the recipe</source>
        <translation>Rezept mitgeben</translation>
    </message>
    <message>
        <source>The file then tells how it was made and can be made again from it. Leave it out for pictures you hand to others.</source>
        <translation>Die Datei sagt dann, wie das Bild entstand, und es lässt sich daraus noch einmal erzeugen. Für Bilder, die Sie weitergeben, lassen Sie es weg.</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Exportieren…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::FewStepBar</name>
    <message numerus="yes">
        <source>%n step(s), guidance %1, %2</source>
        <comment>steps, guidance, method</comment>
        <translation>
            <numerusform>%n Schritt, Führung %1, %2</numerusform>
            <numerusform>%n Schritte, Führung %1, %2</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, LoRA weight 1</source>
        <comment>the other settings</comment>
        <translation>%1, LoRA-Gewicht 1</translation>
    </message>
    <message>
        <source>Set for %1: %2.</source>
        <comment>a method, its settings</comment>
        <translation>Eingestellt für %1: %2.</translation>
    </message>
    <message>
        <source>Still set for %1 (%2), which is no longer in use: %3.</source>
        <comment>a file, a method, its settings</comment>
        <translation>Noch eingestellt für %1 (%2), das nicht mehr verwendet wird: %3.</translation>
    </message>
    <message>
        <source>%1 is made for few steps (%2): %3.</source>
        <comment>a file, a method, its settings</comment>
        <translation>%1 ist für wenige Schritte gemacht (%2): %3.</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>Use these settings</source>
        <translation>Diese Einstellungen verwenden</translation>
    </message>
    <message>
        <source>Brings back the settings that were there before.</source>
        <translation>Holt die Einstellungen zurück, die vorher da waren.</translation>
    </message>
    <message>
        <source>Sets steps, guidance and method. A second click takes it back.</source>
        <translation>Stellt Schritte, Führung und Verfahren ein. Ein zweiter Klick nimmt es zurück.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::FileCardDialog</name>
    <message>
        <source>About %1</source>
        <translation>Über %1</translation>
    </message>
    <message>
        <source>Computing the hashes: %p %</source>
        <translation>Prüfsummen werden berechnet: %p %</translation>
    </message>
    <message>
        <source>Computing the hashes</source>
        <translation>Prüfsummen werden berechnet</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Show its folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Put everything shown here on the clipboard as text.</source>
        <translation>Alles, was hier steht, als Text in die Zwischenablage legen.</translation>
    </message>
    <message>
        <source>Open the folder the file lies in.</source>
        <translation>Den Ordner öffnen, in dem die Datei liegt.</translation>
    </message>
    <message>
        <source>Cannot be read</source>
        <translation>Nicht lesbar</translation>
    </message>
    <message>
        <source>Hashes</source>
        <translation>Prüfsummen</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::FileIntake</name>
    <message>
        <source>Use as LoRA folder</source>
        <translation>Als LoRA-Ordner benutzen</translation>
    </message>
    <message>
        <source>%1 is a folder. It is no model by itself, but the LoRA files in it can be used.</source>
        <translation>%1 ist ein Ordner. Er ist selbst kein Modell, aber die LoRA-Dateien darin lassen sich benutzen.</translation>
    </message>
    <message>
        <source>Show LoRAs</source>
        <translation>LoRAs zeigen</translation>
    </message>
    <message>
        <source>It was added to the LoRAs in use.</source>
        <translation>Es kam zu den benutzten LoRAs.</translation>
    </message>
    <message>
        <source>It is the model in use from now on.</source>
        <translation>Es ist von nun an das benutzte Modell.</translation>
    </message>
    <message>
        <source>Its word &quot;%1&quot; is in the prompt now.</source>
        <translation>Das Wort „%1“ steht nun im Prompt.</translation>
    </message>
    <message>
        <source>Open Control</source>
        <translation>Steuerung öffnen</translation>
    </message>
    <message>
        <source>It was added to Control.</source>
        <translation>Die Datei kam zu Steuerung.</translation>
    </message>
    <message>
        <source>It is of another build than those of Stable Diffusion and was left where it is.</source>
        <translation>Es ist anders gebaut als die von Stable Diffusion und blieb, wo es ist.</translation>
    </message>
    <message>
        <source>It makes the pictures from now on, instead of the VAE in the model.</source>
        <translation>Von nun an macht es die Bilder, anstelle des VAE im Modell.</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>Zurücknehmen</translation>
    </message>
    <message>
        <source>About this file…</source>
        <translation>Über diese Datei…</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::GenerateDock</name>
    <message>
        <source>Generate</source>
        <translation>Erzeugen</translation>
    </message>
    <message>
        <source>Prompt</source>
        <translation>Prompt</translation>
    </message>
    <message>
        <source>What should be there?</source>
        <translation>Was soll da sein?</translation>
    </message>
    <message>
        <source>Ctrl+Up and Ctrl+Down change the weight of a word, Alt+Up and Alt+Down bring back earlier prompts.</source>
        <translation>Strg+Auf und Strg+Ab ändern das Gewicht eines Worts, Alt+Auf und Alt+Ab holen frühere Prompts zurück.</translation>
    </message>
    <message>
        <source>Negative prompt</source>
        <translation>Negativ-Prompt</translation>
    </message>
    <message>
        <source>What should not be there?</source>
        <translation>Was soll nicht da sein?</translation>
    </message>
    <message>
        <source>What the picture should keep away from. Empty is a good start.</source>
        <translation>Was das Bild meiden soll. Leer ist ein guter Anfang.</translation>
    </message>
    <message>
        <source>Strength</source>
        <translation>Stärke</translation>
    </message>
    <message>
        <source>How far the result may go from what is there.</source>
        <translation>Wie weit das Ergebnis sich vom Vorhandenen entfernen darf.</translation>
    </message>
    <message>
        <source>Variations</source>
        <translation>Varianten</translation>
    </message>
    <message>
        <source>How many pictures one run makes.</source>
        <translation>Wie viele Bilder ein Durchgang erzeugt.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Sampler</source>
        <translation>Sampler</translation>
    </message>
    <message>
        <source>Edge</source>
        <translation>Rand</translation>
    </message>
    <message>
        <source>for pictures that are there already</source>
        <translation>gilt für vorhandene Bilder</translation>
    </message>
    <message>
        <source>about %1</source>
        <comment>time a run takes</comment>
        <translation>etwa %1</translation>
    </message>
    <message>
        <source>Control</source>
        <translation>Steuerung</translation>
    </message>
    <message>
        <source>Refiner</source>
        <translation>Refiner</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>Erweitert</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>Look</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::GenerationActions</name>
    <message>
        <source>Show variation %1</source>
        <translation>Variante %1 zeigen</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LookSettings</name>
    <message>
        <source>Look</source>
        <translation>Look</translation>
    </message>
    <message>
        <source>Plain</source>
        <comment>a look without additions</comment>
        <translation>Schlicht</translation>
    </message>
    <message>
        <source>Enhanced</source>
        <comment>a look</comment>
        <translation>Verstärkt</translation>
    </message>
    <message>
        <source>Own</source>
        <comment>a look of one&apos;s own settings</comment>
        <translation>Eigener</translation>
    </message>
    <message>
        <source>Enhanced sets sharpness and the guidance it begins with, and asks the language model what it would add to the prompt. Each can be changed afterwards.</source>
        <translation>Verstärkt setzt Schärfe und die anfängliche Führung und fragt das Sprachmodell, was es dem Prompt hinzufügen würde. Jedes lässt sich danach ändern.</translation>
    </message>
    <message>
        <source>Sharpness %1, guidance begins at %2; the Advanced fold changes them.</source>
        <translation>Schärfe %1, Führung beginnt bei %2; der Bereich Erweitert ändert sie.</translation>
    </message>
    <message>
        <source>Without a model that expands prompts the prompt stays as it is.</source>
        <translation>Ohne ein Modell, das Prompts erweitert, bleibt der Prompt, wie er ist.</translation>
    </message>
    <message>
        <source>What is added to the prompt is shown below it first.</source>
        <translation>Was dem Prompt hinzugefügt wird, steht zuerst darunter.</translation>
    </message>
    <message>
        <source>Nothing is added.</source>
        <translation>Es kommt nichts hinzu.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LoraActions</name>
    <message>
        <source>%1 cannot be used.</source>
        <translation>%1 ist nicht brauchbar.</translation>
    </message>
    <message>
        <source>Replace the picture</source>
        <translation>Bild ersetzen</translation>
    </message>
    <message>
        <source>%1 has a preview picture already. Replace it?</source>
        <translation>%1 hat schon ein Vorschaubild. Soll es ersetzt werden?</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Nothing can be written beside the file, so this program alone remembers it.</source>
        <translation>Neben die Datei lässt sich nichts schreiben, darum merkt es sich nur dieses Programm.</translation>
    </message>
    <message>
        <source>Choose a LoRA folder, or the folder of A1111, Forge, ComfyUI or SwarmUI</source>
        <translation>Wähle einen LoRA-Ordner oder den Ordner von A1111, Forge, ComfyUI oder SwarmUI</translation>
    </message>
    <message>
        <source>Remove and run</source>
        <translation>Entfernen und erzeugen</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LoraBrowser</name>
    <message>
        <source>Size of the cards</source>
        <translation>Größe der Karten</translation>
    </message>
    <message>
        <source>Make the cards larger or smaller.</source>
        <translation>Die Karten größer oder kleiner machen.</translation>
    </message>
    <message>
        <source>reading %1 of %2</source>
        <comment>files of the library</comment>
        <translation>lese %1 von %2</translation>
    </message>
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
            <numerusform>%n LoRA passt zur Suche, ist aber für ein anderes Grundmodell gemacht.</numerusform>
            <numerusform>%n LoRAs passen zur Suche, sind aber alle für ein anderes Grundmodell gemacht.</numerusform>
        </translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Clear search</source>
        <translation>Suche leeren</translation>
    </message>
    <message>
        <source>No LoRA matches.</source>
        <translation>Kein LoRA passt dazu.</translation>
    </message>
    <message>
        <source>Looking for LoRA files…</source>
        <translation>LoRA-Dateien werden gesucht…</translation>
    </message>
    <message>
        <source>No LoRA folder yet.</source>
        <translation>Noch kein LoRA-Ordner.</translation>
    </message>
    <message>
        <source>Choose folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <source>This folder holds no LoRA files. Sub-folders are searched too.</source>
        <translation>In diesem Ordner sind keine LoRA-Dateien. Auch Unterordner werden durchsucht.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ordner öffnen</translation>
    </message>
    <message>
        <source>Choose another…</source>
        <translation>Anderen wählen…</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LoraDock</name>
    <message>
        <source>LoRA</source>
        <translation>LoRA</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LoraFilters</name>
    <message>
        <source>Search LoRAs</source>
        <translation>LoRAs suchen</translation>
    </message>
    <message>
        <source>Words in any order, out of name, folder, trigger words, tags, notes or base. &quot;In quotes&quot; in a row, -without a word, base:sdxl or tag:ink in one place only.</source>
        <translation>Wörter in beliebiger Folge, aus Name, Ordner, Auslösewörtern, Schlagwörtern, Notizen oder Grundmodell. &quot;In Anführungszeichen&quot; am Stück, -ohne ein Wort, base:sdxl oder tag:ink nur an einer Stelle.</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <source>Choose the order of the files</source>
        <translation>Die Reihenfolge der Dateien wählen</translation>
    </message>
    <message>
        <source>List</source>
        <translation>Liste</translation>
    </message>
    <message>
        <source>Show lines instead of cards</source>
        <translation>Zeilen statt Karten zeigen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Added last</source>
        <translation>Zuletzt hinzugekommen</translation>
    </message>
    <message>
        <source>Used last</source>
        <translation>Zuletzt gebraucht</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>Größte</translation>
    </message>
    <message>
        <source>The other way round</source>
        <translation>Umgekehrt</translation>
    </message>
    <message>
        <source>Starred</source>
        <translation>Mit Stern</translation>
    </message>
    <message>
        <source>Only files with a star</source>
        <translation>Nur Dateien mit Stern</translation>
    </message>
    <message>
        <source>Fits</source>
        <translation>Passend</translation>
    </message>
    <message>
        <source>Only files made for the base of the model in use</source>
        <translation>Nur Dateien für das Grundmodell in Gebrauch</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Neulich</translation>
    </message>
    <message>
        <source>Only files used in the last 30 days</source>
        <translation>Nur Dateien, die in den letzten 30 Tagen gebraucht wurden</translation>
    </message>
    <message>
        <source>Unused</source>
        <translation>Nie gebraucht</translation>
    </message>
    <message>
        <source>Similar</source>
        <translation>Ähnlich</translation>
    </message>
    <message>
        <source>Only files that were never used</source>
        <translation>Nur Dateien, die nie gebraucht wurden</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Only files of one folder</source>
        <translation>Nur Dateien eines Ordners</translation>
    </message>
    <message>
        <source>Fits %1</source>
        <comment>a family of models</comment>
        <translation>Für %1</translation>
    </message>
    <message>
        <source>All folders</source>
        <translation>Alle Ordner</translation>
    </message>
    <message>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen…</translation>
    </message>
    <message>
        <source>Stop watching %1</source>
        <translation>%1 nicht mehr durchsuchen</translation>
    </message>
    <message>
        <source>Only files whose tags are like those of this one. Press to see all again.</source>
        <translation>Nur Dateien, deren Tags denen dieser gleichen. Ein Druck zeigt wieder alle.</translation>
    </message>
    <message>
        <source>Like %1</source>
        <comment>a LoRA</comment>
        <translation>Wie %1</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LoraNotesDialog</name>
    <message>
        <source>Note about %1</source>
        <translation>Notiz zu %1</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Notiz</translation>
    </message>
    <message>
        <source>Anything worth remembering; the search finds it.</source>
        <translation>Was man sich merken möchte; die Suche findet es.</translation>
    </message>
    <message>
        <source>Trigger words</source>
        <translation>Auslösewörter</translation>
    </message>
    <message>
        <source>Words that the prompt should hold, divided by commas.</source>
        <translation>Wörter, die im Prompt stehen sollten, durch Kommas getrennt.</translation>
    </message>
    <message>
        <source>Preferred weight</source>
        <translation>Bevorzugtes Gewicht</translation>
    </message>
    <message>
        <source>With what weight the LoRA is added.</source>
        <translation>Mit welchem Gewicht das LoRA dazukommt.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Sichern</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LoraStack</name>
    <message>
        <source>LoRAs in use</source>
        <translation>LoRAs in Gebrauch</translation>
    </message>
    <message>
        <source>They work in this order, from the top.</source>
        <translation>Sie wirken in dieser Folge, von oben an.</translation>
    </message>
    <message>
        <source>No LoRA in use. Double-click one below, or drag it here.</source>
        <translation>Kein LoRA in Gebrauch. Unten eines doppelt anklicken oder hierher ziehen.</translation>
    </message>
    <message>
        <source>The file is no longer where it was.</source>
        <translation>Die Datei ist nicht mehr, wo sie war.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LoraStackRow</name>
    <message>
        <source>Weight</source>
        <translation>Gewicht</translation>
    </message>
    <message>
        <source>How strongly the LoRA works. 0 is not at all; −4 to 4 can be typed.</source>
        <translation>Wie stark das LoRA wirkt. 0 ist gar nicht; −4 bis 4 lassen sich eintippen.</translation>
    </message>
    <message>
        <source>Own weight for the text</source>
        <translation>Eigenes Gewicht für den Text</translation>
    </message>
    <message>
        <source>How strongly the LoRA changes the way the prompt is read. Without a check mark it is the weight above.</source>
        <translation>Wie stark das LoRA ändert, wie der Prompt gelesen wird. Ohne Häkchen gilt das Gewicht darüber.</translation>
    </message>
    <message>
        <source>Weight for the text</source>
        <translation>Gewicht für den Text</translation>
    </message>
    <message>
        <source>How strongly the LoRA changes the way the prompt is read.</source>
        <translation>Wie stark das LoRA ändert, wie der Prompt gelesen wird.</translation>
    </message>
    <message>
        <source>Move %1</source>
        <translation>%1 verschieben</translation>
    </message>
    <message>
        <source>Drag to change the order, or use the up and down keys here.</source>
        <translation>Ziehen ändert die Reihenfolge; die Tasten auf und ab tun es hier auch.</translation>
    </message>
    <message>
        <source>Switch %1 off</source>
        <translation>%1 ausschalten</translation>
    </message>
    <message>
        <source>Switch %1 on</source>
        <translation>%1 einschalten</translation>
    </message>
    <message>
        <source>Switch the LoRA off and on. With Alt: only this one, and back.</source>
        <translation>Das LoRA aus- und einschalten. Mit Alt: nur dieses, und zurück.</translation>
    </message>
    <message>
        <source>Weight for the text of %1</source>
        <translation>Gewicht für den Text von %1</translation>
    </message>
    <message>
        <source>Give the text encoders a weight of their own.</source>
        <translation>Den Text-Encodern ein eigenes Gewicht geben.</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>%1 entfernen</translation>
    </message>
    <message>
        <source>Take the LoRA out of the stack; its trigger words leave the prompt with it.</source>
        <translation>Das LoRA vom Stapel nehmen; seine Auslösewörter verlassen den Prompt mit ihm.</translation>
    </message>
    <message>
        <source>Not in this model:</source>
        <translation>Nicht in diesem Modell:</translation>
    </message>
    <message>
        <source>Click to put these trigger words into the prompt, or to take them out.</source>
        <translation>Ein Klick schreibt diese Auslösewörter in den Prompt oder nimmt sie heraus.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::LoraView</name>
    <message>
        <source>LoRA files</source>
        <translation>LoRA-Dateien</translation>
    </message>
    <message>
        <source>Enter adds the chosen one, letters search, + and − change its weight, a full stop stars it.</source>
        <translation>Eingabe nimmt die gewählte dazu, Buchstaben suchen, + und − ändern ihr Gewicht, ein Punkt gibt ihr einen Stern.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::MainWindow</name>
    <message>
        <source>Choose a VAE file</source>
        <translation>VAE-Datei wählen</translation>
    </message>
    <message>
        <source>VAEs (*.safetensors)</source>
        <translation>VAEs (*.safetensors)</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::MessageBar</name>
    <message>
        <source>Close message</source>
        <translation>Meldung schließen</translation>
    </message>
    <message>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Meldung</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Einzelheiten</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ModelOverrideMenu</name>
    <message>
        <source>An ordinary model (noise prediction)</source>
        <translation>Ein gewöhnliches Modell (Rauschvorhersage)</translation>
    </message>
    <message>
        <source>A v-prediction model</source>
        <translation>Ein Modell mit v-Vorhersage</translation>
    </message>
    <message>
        <source>A v-prediction model with zero terminal SNR</source>
        <translation>Ein Modell mit v-Vorhersage und Zero Terminal SNR</translation>
    </message>
    <message>
        <source>A one-step model (x0 prediction)</source>
        <translation>Ein Ein-Schritt-Modell (x0-Vorhersage)</translation>
    </message>
    <message>
        <source>What the file says</source>
        <translation>Was die Datei sagt</translation>
    </message>
    <message>
        <source>taken for an x0-prediction model</source>
        <translation>gilt als Modell mit x0-Vorhersage</translation>
    </message>
    <message>
        <source>taken for a noise-prediction model</source>
        <translation>gilt als Modell mit Rauschvorhersage</translation>
    </message>
    <message>
        <source>taken for v-prediction with zero terminal SNR</source>
        <translation>gilt als Modell mit v-Vorhersage und Zero Terminal SNR</translation>
    </message>
    <message>
        <source>taken for a v-prediction model</source>
        <translation>gilt als Modell mit v-Vorhersage</translation>
    </message>
    <message>
        <source>This file is</source>
        <translation>Diese Datei ist</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ModelRow</name>
    <message>
        <source>unknown family</source>
        <translation>unbekannte Familie</translation>
    </message>
    <message>
        <source>inpainting model</source>
        <translation>Inpainting-Modell</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>The model that paints. Models are .safetensors files or diffusers folders.</source>
        <translation>Das Modell, das malt. Modelle sind .safetensors-Dateien oder diffusers-Ordner.</translation>
    </message>
    <message>
        <source>Choose another model</source>
        <translation>Anderes Modell wählen</translation>
    </message>
    <message>
        <source>Choose a model file or folder</source>
        <translation>Modelldatei oder -ordner wählen</translation>
    </message>
    <message>
        <source>Model file…</source>
        <translation>Modelldatei…</translation>
    </message>
    <message>
        <source>Diffusers folder…</source>
        <translation>Diffusers-Ordner…</translation>
    </message>
    <message>
        <source>To generate, the editor needs an SDXL model file (.safetensors, about 7 GB). You can paint and edit without one.</source>
        <translation>Zum Erzeugen braucht der Editor eine SDXL-Modelldatei (.safetensors, etwa 7 GB). Malen und bearbeiten können Sie auch ohne.</translation>
    </message>
    <message>
        <source>This model cannot be used.</source>
        <translation>Dieses Modell lässt sich nicht benutzen.</translation>
    </message>
    <message>
        <source>The starter model knows a small painted world: houses, trees, boats, flowers and balls, sun, moon and clouds on grass, beach, snow or sea. Choose an SDXL model for everything else.</source>
        <translation>Das Startmodell kennt eine kleine gemalte Welt: Häuser, Bäume, Boote, Blumen und Bälle, Sonne, Mond und Wolken auf Gras, Strand, Schnee oder Meer. Für alles andere wählen Sie ein SDXL-Modell.</translation>
    </message>
    <message>
        <source>About this model…</source>
        <translation>Über dieses Modell…</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::PrimaryButton</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Stop the current run. Finished variations stay.</source>
        <translation>Den laufenden Durchgang anhalten. Fertige Varianten bleiben.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::PromptActions</name>
    <message>
        <source>Choose the folder of a GPT-2 model that expands prompts</source>
        <translation>Den Ordner eines GPT-2-Modells wählen, das Prompts erweitert</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::PromptEdit</name>
    <message>
        <source>%1 / %2 tokens</source>
        <comment>how many tokens the prompt has, of how many fit into its chunks</comment>
        <translation>%1 / %2 Token</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::RefinerSettings</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Refiner</source>
        <translation>Refiner</translation>
    </message>
    <message>
        <source>A second SDXL model that works out the details of what the first one began. Files are added where the model is chosen.</source>
        <translation>Ein zweites SDXL-Modell, das die Einzelheiten dessen ausarbeitet, was das erste begonnen hat. Dateien werden dort hinzugefügt, wo das Modell gewählt wird.</translation>
    </message>
    <message>
        <source>Switch at</source>
        <translation>Wechsel bei</translation>
    </message>
    <message>
        <source>How much of the noise the first model removes before the refiner takes over.</source>
        <translation>Wie viel des Rauschens das erste Modell entfernt, bevor der Refiner übernimmt.</translation>
    </message>
    <message>
        <source>Off</source>
        <comment>no refiner</comment>
        <translation>Aus</translation>
    </message>
    <message>
        <source>%1 from %2 % on</source>
        <comment>refiner, fraction</comment>
        <translation>%1 ab %2 %</translation>
    </message>
    <message>
        <source>%1 is no SDXL model, so no refiner can finish what it begins.</source>
        <translation>%1 ist kein SDXL-Modell; was es beginnt, kann kein Refiner vollenden.</translation>
    </message>
    <message>
        <source>This file is not where it was.</source>
        <translation>Diese Datei ist nicht mehr, wo sie war.</translation>
    </message>
    <message>
        <source>%1 is no refiner: it is a model of the family %2.</source>
        <translation>%1 ist kein Refiner, sondern ein Modell der Familie %2.</translation>
    </message>
    <message>
        <source>%1 is no refiner: it is an inpainting model.</source>
        <translation>%1 ist kein Refiner, sondern ein Inpainting-Modell.</translation>
    </message>
    <message>
        <source>%1 is a whole SDXL model, not a refiner. It will finish the picture all the same.</source>
        <translation>%1 ist ein ganzes SDXL-Modell, kein Refiner. Es vollendet das Bild trotzdem.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::SamplerSettings</name>
    <message>
        <source>How the picture is worked out of the noise. DPM++ 2M Karras suits most models; few-step models ask for Euler or LCM.</source>
        <translation>Wie das Bild aus dem Rauschen entsteht. DPM++ 2M Karras passt zu den meisten Modellen; Modelle für wenige Schritte verlangen Euler oder LCM.</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Schritte</translation>
    </message>
    <message>
        <source>More steps are slower and finer; past 30 little changes.</source>
        <translation>Mehr Schritte sind langsamer und feiner; über 30 ändert sich wenig.</translation>
    </message>
    <message>
        <source>Guidance</source>
        <translation>Führung</translation>
    </message>
    <message>
        <source>How closely the picture follows the prompt. 1 ignores the negative prompt and is twice as fast.</source>
        <translation>Wie eng das Bild dem Prompt folgt. 1 beachtet den Negativ-Prompt nicht und ist doppelt so schnell.</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n step(s)</source>
        <comment>sampler and steps</comment>
        <translation>
            <numerusform>%1, %n Schritt</numerusform>
            <numerusform>%1, %n Schritte</numerusform>
        </translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Verfahren</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::SeedField</name>
    <message>
        <source>random</source>
        <translation>zufällig</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>Startwert</translation>
    </message>
    <message>
        <source>The same seed with the same settings gives the same picture. Variation n uses seed + n − 1.</source>
        <translation>Derselbe Startwert mit denselben Einstellungen gibt dasselbe Bild. Variante n nimmt Startwert + n − 1.</translation>
    </message>
    <message>
        <source>New seed</source>
        <translation>Neuer Startwert</translation>
    </message>
    <message>
        <source>Roll a new seed and keep it.</source>
        <translation>Einen neuen Startwert würfeln und festhalten.</translation>
    </message>
    <message>
        <source>Keep the seed</source>
        <translation>Startwert festhalten</translation>
    </message>
    <message>
        <source>Use the same seed for each run, or a new one each time.</source>
        <translation>Für jeden Durchgang denselben Startwert nehmen oder jedes Mal einen neuen.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::SizeSettings</name>
    <message>
        <source>Square</source>
        <translation>Quadrat</translation>
    </message>
    <message>
        <source>Small square</source>
        <translation>Kleines Quadrat</translation>
    </message>
    <message>
        <source>Landscape 4:3</source>
        <translation>Quer 4:3</translation>
    </message>
    <message>
        <source>Landscape 16:9</source>
        <translation>Quer 16:9</translation>
    </message>
    <message>
        <source>Portrait 3:4</source>
        <translation>Hoch 3:4</translation>
    </message>
    <message>
        <source>Portrait 9:16</source>
        <translation>Hoch 9:16</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>The size of a new picture, near what the model was trained on.</source>
        <translation>Die Größe eines neuen Bildes, nahe an dem, was das Modell gelernt hat.</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::StatusLine</name>
    <message>
        <source>Status</source>
        <translation>Status</translation>
    </message>
    <message>
        <source>Enter keeps – Delete discards – arrows flip – hold \ for the original</source>
        <translation>Eingabe behält – Entf verwirft – Pfeile blättern – \ halten zeigt das Original</translation>
    </message>
    <message>
        <source>Ctrl+O opens a picture – Ctrl+Enter creates one from the prompt</source>
        <translation>Strg+O öffnet ein Bild – Strg+Eingabe erzeugt eines aus dem Prompt</translation>
    </message>
    <message>
        <source>Paint where it may change – right button erases – Shift+click draws a line – Ctrl+Alt drag sets size and hardness</source>
        <translation>Übermalen, was sich ändern darf – rechte Taste radiert – Umschalt+Klick zieht eine Linie – Strg+Alt-Ziehen stellt Größe und Härte ein</translation>
    </message>
    <message>
        <source>Erase paint – right button paints – Shift+click draws a line – Ctrl+Alt drag sets size and hardness</source>
        <translation>Übermaltes radieren – rechte Taste malt – Umschalt+Klick zieht eine Linie – Strg+Alt-Ziehen stellt Größe und Härte ein</translation>
    </message>
    <message>
        <source>Drag to move the picture</source>
        <translation>Ziehen verschiebt das Bild</translation>
    </message>
    <message>
        <source>Click zooms in, right button out – drag sideways zooms freely</source>
        <translation>Klick vergrößert, rechte Taste verkleinert – seitlich ziehen zoomt stufenlos</translation>
    </message>
    <message numerus="yes">
        <source>%n run(s)</source>
        <comment>waiting or running</comment>
        <translation>
            <numerusform>%n Durchgang</numerusform>
            <numerusform>%n Durchgänge</numerusform>
        </translation>
    </message>
    <message>
        <source>working on a file</source>
        <translation>Datei in Arbeit</translation>
    </message>
    <message>
        <source>no changes</source>
        <translation>unverändert</translation>
    </message>
    <message>
        <source>not exported yet</source>
        <translation>noch nicht exportiert</translation>
    </message>
    <message>
        <source>%1 × %2&#x202f;px – %3&#x202f;%</source>
        <comment>picture width, height, zoom</comment>
        <translation>%1 × %2&#x202f;px – %3&#x202f;%</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ToolOptions</name>
    <message>
        <source>Tool options</source>
        <translation>Werkzeugoptionen</translation>
    </message>
    <message>
        <source>Mask brush</source>
        <translation>Maskenpinsel</translation>
    </message>
    <message>
        <source>Mask eraser</source>
        <translation>Maskenradierer</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Diameter of the brush. Keys [ and ], Ctrl+wheel, or Ctrl+Alt and drag sideways.</source>
        <translation>Durchmesser des Pinsels. Tasten [ und ], Strg+Mausrad oder mit Strg+Alt seitlich ziehen.</translation>
    </message>
    <message>
        <source>Hardness</source>
        <translation>Härte</translation>
    </message>
    <message>
        <source>How much of the brush is full; the rest fades out. Shift+[ and Shift+], or Ctrl+Alt and drag up.</source>
        <translation>Wie viel des Pinsels voll deckt; der Rest läuft aus. Umschalt+[ und Umschalt+] oder mit Strg+Alt nach oben ziehen.</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>How strongly the paint lets the picture change. Less than full paint starts later and keeps more of what was there.</source>
        <translation>Wie stark sich das Bild unter der Farbe ändern darf. Schwächere Farbe beginnt später und bewahrt mehr vom Vorhandenen.</translation>
    </message>
    <message>
        <source>Pressure</source>
        <translation>Stiftdruck</translation>
    </message>
    <message>
        <source>Pen pressure sets the size</source>
        <translation>Stiftdruck bestimmt die Größe</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::ToolStrip</name>
    <message>
        <source>Tools</source>
        <translation>Werkzeuge</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::VaeSettings</name>
    <message>
        <source>%1 is a small VAE: much faster, with rougher detail.</source>
        <translation>%1 ist ein kleiner VAE: viel schneller, mit gröberen Einzelheiten.</translation>
    </message>
    <message>
        <source>%1 is no VAE. Choose another file, or the model&apos;s own.</source>
        <translation>%1 ist kein VAE. Wählen Sie eine andere Datei oder den des Modells.</translation>
    </message>
    <message>
        <source>VAE</source>
        <translation>VAE</translation>
    </message>
    <message>
        <source>The part of a model that turns what it imagined into pixels. A file replaces the model&apos;s own; those in the vae folders beside your models are listed.</source>
        <translation>Der Teil eines Modells, der aus seiner Vorstellung Pixel macht. Eine Datei ersetzt den des Modells; aufgeführt sind die in den vae-Ordnern neben Ihren Modellen.</translation>
    </message>
    <message>
        <source>Choose a VAE file</source>
        <translation>VAE-Datei wählen</translation>
    </message>
    <message>
        <source>The model&apos;s own</source>
        <comment>VAE</comment>
        <translation>Der des Modells</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::VariationDelegate</name>
    <message>
        <source>Variation %1</source>
        <translation>Variante %1</translation>
    </message>
    <message>
        <source>seed %1</source>
        <translation>Startwert %1</translation>
    </message>
    <message>
        <source>strength %1&#x202f;%</source>
        <translation>Stärke %1&#x202f;%</translation>
    </message>
    <message>
        <source>%1&#x202f;s</source>
        <comment>seconds it took</comment>
        <translation>%1&#x202f;s</translation>
    </message>
    <message>
        <source>hidden</source>
        <comment>a variation, by the safety filter</comment>
        <translation>verborgen</translation>
    </message>
</context>
<context>
    <name>sfumato::ui::VariationsDock</name>
    <message>
        <source>Variations</source>
        <translation>Varianten</translation>
    </message>
    <message>
        <source>Original</source>
        <translation>Original</translation>
    </message>
    <message>
        <source>Show the picture as it is, without a variation.</source>
        <translation>Das Bild zeigen, wie es ist, ohne Variante.</translation>
    </message>
    <message>
        <source>Arrow keys flip through them, Enter keeps the shown one, Delete drops it.</source>
        <translation>Pfeiltasten blättern, Eingabe behält die gezeigte, Entf verwirft sie.</translation>
    </message>
    <message>
        <source>The picture as it is</source>
        <translation>Das Bild, wie es ist</translation>
    </message>
</context>
<context>
    <name>sfumato::workspace::GenerationSession</name>
    <message>
        <source>Keep variation</source>
        <translation>Variante behalten</translation>
    </message>
</context>
<context>
    <name>sfumato::workspace::Workspace</name>
    <message>
        <source>Untitled</source>
        <translation>Unbenannt</translation>
    </message>
</context>
</TS>
