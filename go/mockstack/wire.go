package mockstack

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
)

// The server is on this machine: no proxy is asked.
var client = &http.Client{Transport: &http.Transport{}}

// ask sends a request to a route of mockstack's own, and reads the answer: JSON, or a text into a *string.
func ask(method, url string, body, answer any) error {
	sent, err := json.Marshal(body)
	if err != nil {
		return err
	}
	if body == nil {
		sent = nil
	}
	request, err := http.NewRequest(method, url, bytes.NewReader(sent))
	if err != nil {
		return err
	}
	if token := os.Getenv("MOCKSTACK_ADMIN_TOKEN"); token != "" {
		request.Header.Set("X-Mockstack-Admin-Token", token)
	}
	response, err := client.Do(request)
	if err != nil {
		return fmt.Errorf("there is no mockstack at %s: %w", url, err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		told := struct{ Error struct{ Message string } }{}
		if json.Unmarshal(text, &told) == nil && told.Error.Message != "" {
			return fmt.Errorf("mockstack: %s", told.Error.Message)
		}
		return fmt.Errorf("mockstack: %s: %s", response.Status, text)
	}
	switch answer := answer.(type) {
	case nil:
		return nil
	case *string:
		*answer = string(text)
		return nil
	default:
		return json.Unmarshal(text, answer)
	}
}
